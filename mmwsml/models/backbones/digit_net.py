"""The small convolutional network of the embedded example."""

from typing import Optional, Sequence, Tuple

from mmengine.model import BaseModule
from torch import Tensor, nn

from mmwsml.registry import MODELS


@MODELS.register_module()
class DigitNet(BaseModule):
    """Plain 3 x 3 convolutions with batch norm and ReLU, for 64 px images.

    Args:
        channels (Sequence[int]): Output channels of the convolutions.
            Defaults to (16, 32, 32, 64, 64, 64).
        strides (Sequence[int]): Their strides, as many as ``channels``.
            Defaults to (2, 1, 2, 1, 2, 1).
        in_channels (int): Channels of the image. Defaults to 3.
        init_cfg (dict, optional): Config of the initialisation. Defaults to
            None, PyTorch's own.

    Raises:
        ValueError: If ``channels`` and ``strides`` differ in length.
    """

    def __init__(
        self,
        channels: Sequence[int] = (16, 32, 32, 64, 64, 64),
        strides: Sequence[int] = (2, 1, 2, 1, 2, 1),
        in_channels: int = 3,
        init_cfg: Optional[dict] = None,
    ) -> None:
        super().__init__(init_cfg)
        if len(channels) != len(strides):
            raise ValueError(
                '`channels` and `strides` must be equally long, but got '
                f'{len(channels)} and {len(strides)} values.'
            )
        inputs = [in_channels, *channels[:-1]]
        layers = []
        for i, o, stride in zip(inputs, channels, strides):
            conv = nn.Conv2d(i, o, 3, stride, padding=1, bias=False)
            layers += [conv, nn.BatchNorm2d(o), nn.ReLU(inplace=True)]
        # Not mmcv's ConvModule: its initialisation makes larger weights, on
        # which Adam's steps of one size take two epochs more.
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tuple[Tensor]:
        """Return the last feature map, ``(N, C, H / 8, W / 8)``, in a tuple.

        Args:
            x (Tensor): Normalised images, float ``(N, in_channels, H, W)``.
        """
        return (self.layers(x),)
