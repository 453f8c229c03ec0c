"""How to train where nobody has said how: one rule."""

import math
from dataclasses import dataclass

from mmwsml.structures.checks import check_integer

#: Images to train on of coco18, and of DigitScenes.
PHOTOGRAPHS, SCENES = 4800, 4000


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

    A pre-trained network takes a rate of 1e-5 and 8 epochs for 4,800 images,
    and its batch norms stay as they are: the configs of coco18, where 1e-4
    with norms that move memorises hidden labels sooner. Of fewer images
    the rate is as many times larger, up to 1e-4, since there are fewer steps;
    the images seen fall with the power 2/3 of their number. Measured on
    coco18 cut to 300 and 1,200 photographs, class-wise LL-R, 128 px, one
    seed, mAP of 300 validation photographs
    (300: 31.6 in epoch 20 of 20 at 1e-4, 30.0 in 32 of 32 at 3e-5; 1,200:
    46.7 in epoch 5 of 8 at 3e-5). The epoch is chosen on validation.

    A network from nothing takes 1e-3 and 15 epochs for 4,000 images of
    DigitScenes and for fewer: of 400, class-wise LL-R gains
    nothing after the eighth (25.5; at most 25.8 until the 80th). Of more
    images than these nothing was measured: the rate stays as it is, the images
    seen go on with the power 2/3, down to four epochs, and a GPU takes batches
    of 64 beyond 20,000 images with the root of four times the rate, the rule
    for Adam of `On the SDEs and Scaling Rules for Adaptive Gradient Algorithms
    <https://arxiv.org/abs/2205.10287>`_ (NeurIPS 2022).

    Pre-trained networks see 224 px, as in pre-training: photographs of 128 px
    enlarged to it gain ten points of mAP with a head on frozen features.

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
        fewer = PHOTOGRAPHS / num_images
        rate = 1e-5 * min(10, max(1, fewer))
        epochs = max(4, min(32, round(8 * fewer ** (1 / 3))))
        return Defaults(size, rate * times, 10, batch_size, epochs, True)
    fewer = min(1, SCENES / num_images)
    epochs = max(4, round(15 * fewer ** (1 / 3)))
    return Defaults(size, 1e-3 * times, 1, batch_size, epochs, False)
