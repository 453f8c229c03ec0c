"""Predicting all training images once, with the weights as they are."""

import copy
import math
from contextlib import contextmanager
from typing import Any, Iterator, Optional, Sequence

import numpy as np
import torch
from mmengine.dataset import Compose, DefaultSampler
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, Dataset

from mmwsml.datasets.infos import (
    LABELLERS,
    iter_datasets,
    iter_infos,
    label_steps,
)
from mmwsml.models.heads.checks import sample_id_of
from mmwsml.structures import GlobalBatch, ImageRows, hash64
from mmwsml.structures.processes import gather_array, num_processes


def join_images(dataset: Dataset, transforms: Sequence[Any]) -> ConcatDataset:
    """Join the images inside any wrappers, each once.

    The labels are as training sees them, the rest is as ``transforms`` say.
    The annotations are shared, not read or held again.

    Args:
        dataset (Dataset): The training set.
        transforms (Sequence[dict | Callable]): Those that look at labels and
            identity alone are left out.
    """
    steps = [
        step
        for step in Compose(transforms).transforms
        if not isinstance(step, LABELLERS)
    ]
    images = []
    for child in iter_datasets(dataset):
        known = label_steps(child.pipeline.transforms)
        twin = copy.copy(child)
        twin.pipeline = Compose([*known, *steps])
        twin.test_mode = True  # an image that fails is not replaced
        images.append(twin)
    return ConcatDataset(images)


def load_images(
    runner: Runner,
    hook: str,
    pipeline: Optional[Sequence[Any]] = None,
    batch_size: Optional[int] = None,
    num_workers: Optional[int] = None,
) -> DataLoader:
    """Load a run's training images as in validation, each once.

    Args:
        runner (Runner): The run.
        hook (str): Whose pass it is, in messages.
        pipeline (Sequence[dict | Callable], optional): Transforms of the
            images. Defaults to None: those of ``val_dataloader``, or else of
            ``test_dataloader``.
        batch_size (int, optional): On each process. Defaults to None: that of
            the same loader.
        num_workers (int, optional): On each process. Defaults to None: that
            of the same loader.

    Raises:
        ValueError: If there is no pipeline.
    """
    loop = runner.val_loop
    if pipeline is None:
        loop = loop or runner.test_loop
        if loop is None:
            raise ValueError(
                f'{hook} transforms training images as in validation, but '
                'the config has no `val_dataloader` or `test_dataloader`: add '
                'one, or set `pipeline` in the hook.'
            )
        dataset = next(iter_datasets(loop.dataloader.dataset))
        pipeline = dataset.pipeline.transforms
    like = (loop or runner.train_loop).dataloader
    return make_loader(
        join_images(runner.train_dataloader.dataset, pipeline),
        like,
        # Where the config has a `batch_sampler`, it alone knows the size.
        like.batch_sampler.batch_size if batch_size is None else batch_size,
        like.num_workers if num_workers is None else num_workers,
    )


def make_loader(
    images: ConcatDataset, like: DataLoader, batch_size: int, num_workers: int
) -> DataLoader:
    """Load the share of this process, no image twice.

    Args:
        images (ConcatDataset): Of all processes.
        like (DataLoader): Whose batches these are made like.
        batch_size (int): On each process.
        num_workers (int): On each process.
    """
    return DataLoader(
        images,
        batch_size,
        sampler=DefaultSampler(images, shuffle=False, seed=0, round_up=False),
        num_workers=num_workers,
        collate_fn=like.collate_fn,
        pin_memory=like.pin_memory,
        generator=torch.Generator(),  # draws nothing from training's
    )


def predict_images(
    model: BaseModel, loader: DataLoader, rows: ImageRows, num_classes: int
) -> np.ndarray:
    """Predict the images of all processes, on all of them.

    Nothing of the model changes. Beside the result it takes a batch.

    Args:
        model (BaseModel): Without a wrapper.
        loader (DataLoader): From :func:`make_loader`.
        rows (ImageRows): Of the M images.
        num_classes (int): K.

    Returns:
        ndarray: Logits, ordered by the images' keys, float32 ``(M, K)``.

    Raises:
        ValueError: On all processes, if logits are not finite.
    """
    logits = np.empty((len(rows), num_classes), np.float32)
    images: Any = loader.dataset  # torch knows no length of it
    share = math.ceil(len(images) / num_processes())
    batches = iter(loader)
    with evaluating(model), torch.no_grad():
        # As many on each process, for all to gather.
        for _ in range(math.ceil(share / (loader.batch_size or 1))):
            own = _predict(model, next(batches, None), rows, num_classes)
            entries = gather_array(own)
            finite = np.isfinite(entries['logits']).all(1)
            if not finite.all():
                row = entries['row'][finite.argmin()]
                raise _not_finite(images, rows.keys[row])
            logits[entries['row']] = entries['logits']
    return logits


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluate, and train again what was in training, nothing else."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def _predict(
    model: BaseModel,
    batch: Optional[dict],
    rows: ImageRows,
    num_classes: int,
) -> np.ndarray:
    """Return rows and logits of a batch, of none where there is none."""
    kind = [('row', np.int64), ('logits', np.float32, (num_classes,))]
    if batch is None:
        return np.empty(0, kind)
    data = model.data_preprocessor(batch, False)
    logits = model(**data, mode='tensor')
    entries = np.empty(len(logits), kind)
    ids = [sample_id_of(sample) for sample in data['data_samples']]
    entries['row'] = rows.of(GlobalBatch(ids))
    entries['logits'] = logits.float().cpu().numpy()
    return entries


def _not_finite(dataset: Dataset, key: int) -> ValueError:
    ids = (info['sample_id'] for info in iter_infos(dataset))
    image = next(image for image in ids if hash64(image) == key)
    return ValueError(
        f'The image {image} has logits that are not finite in the pass over '
        'the training set: the training diverged; lower the learning rate, '
        'or look at the image.'
    )
