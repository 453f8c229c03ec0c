"""Which configs a benchmark runs, and with what changed in them."""

from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from mmengine.config import Config

from .leaves import Leaf, find_leaves

#: Backbone and data set, as in the names of configs.
DIGITS = ('digitnet', 'digitscenes')
FEATURES = ('mobilenet-v2-features', 'coco18')
SCHEDULE = 'mmwsml.LargeLossScheduleHook'


class Preset(NamedTuple):
    """A choice of configs.

    Args:
        groups (tuple[tuple[str, str]]): Pairs of backbone and data set.
        methods (tuple[str], optional): All that have a config by default.
        delta_rel (tuple[float]): In percent; each large-loss method runs once
            with each. Empty: as its config says.
    """

    groups: Tuple[Tuple[str, str], ...]
    methods: Optional[Tuple[str, ...]] = None
    delta_rel: Tuple[float, ...] = ()


LARGE_LOSS = ('ll-r', 'll-ct', 'll-cp')
PRESETS: Dict[str, Preset] = {
    'demo': Preset((DIGITS,), ('full', 'an', *LARGE_LOSS)),
    'demo-all': Preset((DIGITS,)),
    'features-all': Preset((FEATURES,)),
    'delta-rel': Preset(
        (DIGITS, FEATURES),
        ('full', 'an', *LARGE_LOSS),
        (0.2, 0.5, 1, 2, 5),
    ),
}


class Setting(NamedTuple):
    """A config, perhaps with something changed: one row of the table."""

    leaf: Leaf
    #: What tells it from other settings of its method; '' for nothing.
    variant: str = ''
    #: What the variant changes, ``key=value``; may be nothing.
    options: Tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Name its folder; a variant that changes nothing shares it."""
        suffix = f'--{self.variant}' if self.options else ''
        return self.leaf.path.stem + suffix.replace(' ', '-')

    @property
    def group(self) -> Tuple[str, str]:
        """Name backbone and data set, within which methods compare."""
        return self.leaf.backbone, self.leaf.dataset

    @property
    def label(self) -> str:
        """Name it in a table or a plot of its group."""
        return f'{self.leaf.method} {self.variant}'.strip()


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
        leaves = {leaf.method: leaf for leaf in find_leaves(configs, *group)}
        for method in preset.methods or leaves:
            if method in leaves:
                settings += _vary(leaves[method], preset.delta_rel)
    if not settings:
        groups = ' or '.join(' on '.join(group) for group in preset.groups)
        raise ValueError(
            f'The preset {name} needs configs of {groups}, but {configs} has '
            'none.'
        )
    return settings


def choose_methods(
    settings: List[Setting], methods: Optional[Sequence[str]]
) -> List[Setting]:
    """Keep the settings of some methods.

    Raises:
        ValueError: If a method has no setting.
    """
    if methods is None:
        return settings
    there = list(dict.fromkeys(setting.leaf.method for setting in settings))
    for method in methods:
        if method not in there:
            raise ValueError(
                f'A method must be one of {", ".join(there)} in this preset, '
                f'but got {method!r}.'
            )
    return [s for s in settings if s.leaf.method in methods]


def _vary(leaf: Leaf, values: Sequence[float]) -> List[Setting]:
    """Make a setting for each ``delta_rel``, or the one of the config."""
    if not values or leaf.method not in LARGE_LOSS:
        return [Setting(leaf)]
    hooks = Config.fromfile(leaf.path).custom_hooks
    index = [hook.type for hook in hooks].index(SCHEDULE)
    key, own = f'custom_hooks.{index}.delta_rel', hooks[index].delta_rel
    return [
        Setting(
            leaf,
            f'delta_rel {value:g}',
            () if value == own else (f'{key}={value:g}',),
        )
        for value in values
    ]
