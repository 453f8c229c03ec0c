"""What the linear layer of a run's head receives of images."""

from typing import Iterator, List, Tuple

import torch
from mmengine.runner import Runner
from mmpretrain.structures import DataSample
from torch import Tensor
from torch.utils.data import DataLoader

from .full_pass import evaluating, make_loader
from .head import bare_model, head_of
from .validation_images import ValidationImages, ValidationReader


def iter_features(
    runner: Runner, loader: DataLoader, hook: str
) -> Iterator[Tuple[Tensor, List[DataSample]]]:
    """Yield the pooled features of batches, in evaluation mode.

    Args:
        runner (Runner): The run.
        loader (DataLoader): Of this process's images.
        hook (str): Whose pass it is, in messages.

    Yields:
        tuple[Tensor, list[DataSample]]: Float ``(N, C)``, and the N samples.

    Raises:
        ValueError: If features are not pooled.
    """
    model, head = bare_model(runner), head_of(runner)
    with evaluating(model), torch.no_grad():
        for batch in loader:
            data = model.data_preprocessor(batch, False)
            features = head.pre_logits(model.extract_feat(data['inputs']))
            if features.dim() != 2:
                raise ValueError(
                    f'{hook} needs pooled features (N, C), but '
                    f'{type(head).__name__} has them of shape '
                    f'{tuple(features.shape)}: remove the hook or change the '
                    'head.'
                )
            yield features, data['data_samples']


def read_validation(runner: Runner, hook: str) -> ValidationImages:
    """Read the validation images of all processes, each once.

    Args:
        runner (Runner): The run, with a ``val_dataloader``.
        hook (str): Whose pass it is, in messages.

    Raises:
        ValueError: If features are not pooled.
    """
    head, like = head_of(runner), runner.val_loop.dataloader
    size = like.batch_sampler.batch_size
    loader = make_loader(like.dataset, like, size, like.num_workers)
    reader = ValidationReader(head.fc.in_features, head.num_classes)
    for features, samples in iter_features(runner, loader, hook):
        reader.add(features, samples)
    return reader.gather()
