"""Which configs a benchmark runs, and with what changed in them."""

from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

from .config_names import find_leaves
from .settings import (
    LARGE_LOSS,
    Setting,
    Vary,
    find_settings,
    leave,
    vary_delta_rel,
    vary_images,
)

#: Backbone and data set, as in the names of configs.
DIGITS = ('digitnet', 'digitscenes')
FEATURES = ('mobilenet-v2-features', 'coco18')
PHOTOGRAPHS = ('mobilenet-v2', 'coco18')
PAPER = tuple(
    ('resnet50', name) for name in ('voc12', 'coco14', 'nusspml', 'cub')
)
OPEN_IMAGES = ('resnet101', 'openimagesv3')
FIVE = ('full', 'an', *LARGE_LOSS)
BASELINES = ('an', 'wan', 'lsan', 'epr', 'role')


class Preset(NamedTuple):
    """A choice of configs."""

    #: Pairs of backbone and data set.
    groups: Tuple[Tuple[str, str], ...]
    #: In the order of the table; None: all that have a config.
    methods: Optional[Tuple[str, ...]] = None
    #: Whether it runs the configs with LinearInit instead of those without.
    linear_init: bool = False
    #: What runs of a config.
    vary: Vary = leave


PRESETS: Dict[str, Preset] = {
    'demo': Preset((DIGITS,), FIVE),
    'demo-all': Preset((DIGITS,)),
    'features-all': Preset((FEATURES,)),
    'coco18': Preset((PHOTOGRAPHS,)),
    'delta-rel': Preset(
        (DIGITS, FEATURES), FIVE, vary=vary_delta_rel((0.2, 0.5, 1, 2, 5))
    ),
    'coco18-delta-rel': Preset(
        (PHOTOGRAPHS,), FIVE, vary=vary_delta_rel((0.5, 1, 2, 5))
    ),
    'small-data': Preset(
        (DIGITS, FEATURES), FIVE, vary=vary_images((10, 20, 40, 70, 100))
    ),
    'table1': Preset(PAPER, ('full', *BASELINES, *LARGE_LOSS)),
    'table1-linearinit': Preset(
        PAPER, ('full', *BASELINES, *LARGE_LOSS), linear_init=True
    ),
    'openimages': Preset(
        (OPEN_IMAGES,),
        ('iu', 'curriculum', 'imcl', 'an', 'wan', 'lsan', *LARGE_LOSS),
    ),
}


def plan_settings(name: str, configs: Path) -> List[Setting]:
    """List the settings of a preset.

    Args:
        name (str): A key of :data:`PRESETS`.
        configs (Path): The folder with a folder for each method.

    Returns:
        list[Setting]: Group by group, method by method.

    Raises:
        ValueError: If there is no such preset, or no config for it.
    """
    if name not in PRESETS:
        raise ValueError(
            f'The preset must be one of {", ".join(PRESETS)}, but got '
            f'{name!r}.'
        )
    preset = PRESETS[name]
    settings = []
    for group in preset.groups:
        leaves = find_leaves(configs, *group, preset.linear_init)
        settings += find_settings(leaves, preset.methods, preset.vary)
    if not settings:
        groups = ' or '.join(' on '.join(group) for group in preset.groups)
        raise ValueError(
            f'The preset {name} needs configs of {groups}, but {configs} has '
            'none.'
        )
    return settings
