"""The head in closed form on features that are there."""

from pathlib import Path
from typing import Dict, Optional

import numpy as np
import torch
from mmengine.config import Config
from mmengine.model import BaseModel

from mmwsml.engine.multinomial_discriminant import Layer
from mmwsml.engine.pretrained_model import build_pretrained_model
from mmwsml.engine.training import train
from mmwsml.engine.validated_discriminant import (
    choose_weights,
    compete,
    cross_fit,
)
from mmwsml.engine.validation_images import ValidationImages
from mmwsml.inference.checkpoint import load_from_plain_file
from mmwsml.models.heads import MultinomialHead
from mmwsml.structures.whole_file import whole_file

from .fitted_folder import SPLITS, FittedFolder
from .image_features import load_own_config, read_features
from .known_split import read_split

MODEL = 'model.pth'


def fit_head(folder: FittedFolder, config: Path, run: str) -> BaseModel:
    """Make the head of a run from features, and the whole model of it.

    Args:
        folder (FittedFolder): With the labels and features of all splits.
        config (Path): Of the model on images, with the hook that makes it.
        run (str): Whose work dir takes the checkpoints.

    Returns:
        BaseModel: The whole model, on the CPU.
    """
    cfg = load_own_config(config)
    path = folder.run(run) / MODEL
    model = build_pretrained_model(cfg).cpu()
    if not path.is_file():
        on_features = load_own_config(config)
        use_features(on_features, folder)
        on_features.work_dir = str(folder.run(run))
        train(on_features)
        made = load_from_plain_file(str(folder.run(run) / 'epoch_1.pth'))
        weights = {
            name: weight
            for name, weight in made['state_dict'].items()
            if name.startswith('head.')
        }
        model.load_state_dict(weights, strict=False)
        classes = read_split(folder, 'train').classes
        save_model(model, classes, path)
    content = load_from_plain_file(str(path))
    model.load_state_dict(content['state_dict'])
    return model


def save_model(model: BaseModel, classes: list, path: Path) -> None:
    """Write a model as a checkpoint that inference reads."""
    meta = dict(dataset_meta=dict(classes=list(classes)))
    with whole_file(path, 'wb') as file:
        torch.save(dict(meta=meta, state_dict=model.state_dict()), file)


def use_features(cfg: Config, folder: FittedFolder) -> None:
    """Let a config of images take their features instead.

    Args:
        cfg (Config): Changed in place.
        folder (FittedFolder): With the features of all splits.
    """
    for split in SPLITS:
        features = str(folder.features(split))
        loader = cfg[f'{split}_dataloader']
        loader.update(num_workers=0, batch_size=256)
        loader.persistent_workers = False
        loader.dataset.pipeline = [
            dict(type='mmwsml.LoadFeatures', folder=features),
            dict(type='mmwsml.PackPartialLabels'),
        ]
    for hook in cfg.custom_hooks:
        hook.pipeline = cfg.train_dataloader.dataset.pipeline
    cfg.model.backbone = dict(type='mmwsml.PrecomputedFeatures')
    cfg.model.neck = dict(type='GlobalAveragePooling')
    cfg.model.pop('data_preprocessor', None)
    num_classes = cfg.model.head.num_classes
    cfg.data_preprocessor = dict(num_classes=num_classes)


def score_features(
    model: BaseModel, folder: FittedFolder, features: Optional[str] = None
) -> Dict[str, np.ndarray]:
    """Score the images of all splits by their features.

    Where the head has learned from validation labels, a fold of validation
    images is scored by what was learned from the others.

    Args:
        model (BaseModel): Of :func:`fit_head`.
        folder (FittedFolder): With labels and features.
        features (str, optional): Of which name. Defaults to None: those of
            the frozen backbone, of each split.

    Returns:
        dict[str, ndarray]: Float32 ``(N, K)`` in [0, 1], by split.
    """
    scores = {}
    for split in SPLITS:
        known = read_split(folder, split)
        source = folder.features(features or split)
        found = read_features(source, known.sample_ids)
        with torch.no_grad():
            logits = model.head((torch.from_numpy(found),))
        head = model.head
        if split == 'val' and has_learned(head):
            images = known.with_features(found)
            logits = torch.from_numpy(held_out_logits(head, images))
        scores[split] = logits.sigmoid().float().numpy()
    return scores


def has_learned(head: torch.nn.Module) -> bool:
    """Whether a head has learned from validation labels."""
    return isinstance(head, MultinomialHead) and bool(head.direct.weight.any())


def held_out_logits(
    head: MultinomialHead, images: ValidationImages
) -> np.ndarray:
    """Compute logits of validation images that did not learn from them.

    Args:
        head (MultinomialHead): Has learned from complete labels of them.
        images (ValidationImages): These.

    Returns:
        ndarray: Float64 ``(V, K)``.
    """
    raised = images.raised(float(head.power))
    weight, bias = (x.detach().double() for x in head.fc.parameters())
    competition = head.competition.double().numpy()
    logits = compete(raised.features, Layer(weight, bias), competition)
    learned = cross_fit(raised)
    share = choose_weights(raised, logits, learned)
    # A fold has no bias of its own: all lie where the whole layer has them.
    mean = raised.features.double().mean(0) @ learned.layer.weight.T
    level = (mean + learned.layer.bias).numpy() - learned.left_out.mean(0)
    return logits + share * (learned.left_out + level)
