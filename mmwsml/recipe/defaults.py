"""How to train where nobody has said how: one rule."""

import math
from dataclasses import dataclass

from mmwsml.structures.checks import check_integer

#: Images at which the rule was measured, pre-trained and from nothing.
MEASURED = 4800, 4000


@dataclass(frozen=True)
class Defaults:
    """How to train a network end to end with Adam, and at which size."""

    #: Images are stretched to this many pixels, both sides.
    size: int
    #: Of the backbone.
    rate: float
    #: How many times as fast the head learns.
    head_multiple: float
    batch_size: int
    epochs: int
    #: Whether batch norms keep the statistics of pre-training; for
    #: backbones that have the option.
    norm_eval: bool


def defaults_for(
    num_images: int,
    backbone: str = 'MobileNetV2',
    pretrained: bool = True,
    cuda: bool = False,
) -> Defaults:
    """Say how to train from what is known before training.

    Args:
        num_images (int): To train on.
        backbone (str): Its ``type`` in a config. Defaults to 'MobileNetV2'.
        pretrained (bool): Whether it begins with weights of ImageNet.
            Defaults to True.
        cuda (bool): Whether it trains on a GPU. Defaults to False.

    Raises:
        TypeError: If the number of images is no integer.
        ValueError: If it is below 1.
    """
    check_integer('num_images', num_images, 1)
    size = 64 if backbone == 'DigitNet' else 224
    batch_size = 64 if cuda and num_images > 20_000 else 16
    times = math.sqrt(batch_size / 16)
    if pretrained:
        epochs = _spread(8, MEASURED[0], num_images)
        return Defaults(size, 1e-5 * times, 10, batch_size, epochs, True)
    epochs = _spread(15, MEASURED[1], num_images)
    return Defaults(size, 1e-3 * times, 1, batch_size, epochs, False)


def _spread(epochs: int, measured: int, num_images: int) -> int:
    """Let the images that are seen grow with the root of their number."""
    return min(64, max(4, round(epochs * math.sqrt(measured / num_images))))
