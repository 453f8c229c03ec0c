"""How many epochs fit into a budget."""

import math
import time

import numpy as np
import torch
from mmengine.config import Config

from mmwsml.engine.pretrained_model import build_pretrained_model

from .defaults import Defaults

#: Steps that are timed, behind one that is not.
TIMED = 2
#: What loading, validating and saving add to the steps.
MORE = 1.25
#: Seconds of an epoch beside its steps: starting loaders, saving.
EACH = 2.0


def measure_step(cfg: Config) -> float:
    """Measure the seconds of a training step, forward and backward.

    Args:
        cfg (Config): Of the model and its batches.
    """
    model = build_pretrained_model(cfg)
    size = cfg.resize.scale
    shape = cfg.train_dataloader.batch_size, 3, size[1], size[0]
    device = next(model.parameters()).device
    inputs = torch.randn(shape, device=device)
    times = []
    for _ in range(1 + TIMED):
        begin = time.perf_counter()
        model.extract_feat(inputs)[-1].mean().backward()
        if device.type == 'cuda':
            torch.cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return MORE * float(np.median(times[1:]))


def choose_epochs(
    budget: float, step: float, num_images: int, defaults: Defaults
) -> int:
    """Turn a budget into epochs: as many as are good, or as fit into it.

    Args:
        budget (float): Minutes.
        step (float): Seconds of a training step.
        num_images (int): To train on.
        defaults (Defaults): The batch size, and how many epochs are good.

    Raises:
        ValueError: If it is too small for one.
    """
    epoch = EACH + step * math.ceil(num_images / defaults.batch_size)
    # The head is made again with one more look at all images.
    number = int((60 * budget - epoch / 2) / epoch)
    if number < 1:
        raise ValueError(
            f'--budget {budget:g} is too small: one pass over {num_images} '
            f'images takes {epoch / 60:.1f} minutes, and the head is made '
            f'again after it; give at least {1.6 * epoch / 60:.1f}, a smaller '
            '--size, or none to fit the head alone.'
        )
    return min(number, defaults.epochs)
