"""A config, perhaps with something changed: one row of a table."""

from typing import Callable, List, NamedTuple, Optional, Sequence, Tuple

from .config_names import Leaf

LARGE_LOSS = ('ll-r', 'll-ct', 'll-cp')
SCHEDULE = 'mmwsml.LargeLossScheduleHook'
DELTA_REL, IMAGES = 'delta_rel', 'images'
CHANGED = '--'  # stands between a config and what is changed in it


class Setting(NamedTuple):
    """What runs once with each seed."""

    leaf: Leaf
    #: What is varied; '' for nothing.
    axis: str = ''
    #: To which number, in percent.
    value: Optional[float] = None
    #: What that changes, ``key=value``; nothing where the config says so.
    options: Tuple[str, ...] = ()

    @property
    def variant(self) -> str:
        """Tell it from other settings of its method; '' for nothing."""
        return f'{self.axis} {self.value:g}' if self.axis else ''

    @property
    def folder(self) -> str:
        """Name its folder; a variant that changes nothing shares it."""
        suffix = f'{CHANGED}{self.variant}' if self.options else ''
        return self.leaf.path.stem + suffix.replace(' ', '-')

    @property
    def group(self) -> Tuple[str, str]:
        """Name backbone and data set, within which methods compare."""
        return self.leaf.backbone, self.leaf.dataset

    @property
    def label(self) -> str:
        """Name it in a table or a plot of its group."""
        return f'{self.leaf.method} {self.variant}'.strip()


def config_of(folder: str) -> str:
    """Return the config that a setting of this folder runs, or changes."""
    return folder.partition(CHANGED)[0]


#: Makes the settings of a config.
Vary = Callable[[Leaf], List[Setting]]


def leave(leaf: Leaf) -> List[Setting]:
    """Take a config as it is."""
    return [Setting(leaf)]


def vary_delta_rel(values: Sequence[float]) -> Vary:
    """Give each large-loss method each of these ``delta_rel``, in percent."""

    def vary(leaf: Leaf) -> List[Setting]:
        if leaf.method not in LARGE_LOSS:
            return leave(leaf)
        from mmengine.config import Config

        hooks = Config.fromfile(leaf.path).custom_hooks
        index = [hook.type for hook in hooks].index(SCHEDULE)
        key, own = f'custom_hooks.{index}.delta_rel', hooks[index].delta_rel
        return [
            Setting(leaf, DELTA_REL, value, _change(key, value, own))
            for value in values
        ]

    return vary


def vary_images(values: Sequence[float]) -> Vary:
    """Train each method on these shares of the images, in percent."""
    key = 'train_dataloader.dataset.keep_images'

    def vary(leaf: Leaf) -> List[Setting]:
        return [
            Setting(leaf, IMAGES, value, _change(key, value / 100, 1))
            for value in values
        ]

    return vary


def _change(key: str, value: float, own: float) -> Tuple[str, ...]:
    return () if value == own else (f'{key}={value:g}',)


def find_settings(
    leaves: Sequence[Leaf], methods: Optional[Sequence[str]], vary: Vary
) -> List[Setting]:
    """Make the settings of the configs of a data set, method by method."""
    by_method = {leaf.method: leaf for leaf in leaves}
    chosen = [m for m in methods or by_method if m in by_method]
    return [s for method in chosen for s in vary(by_method[method])]


def choose(
    settings: List[Setting],
    methods: Optional[Sequence[str]],
    datasets: Optional[Sequence[str]],
) -> List[Setting]:
    """Keep the settings of some methods and data sets; None keeps all.

    Raises:
        ValueError: If a method or a data set has no setting.
    """
    for what, names in (('method', methods), ('dataset', datasets)):
        there = [getattr(setting.leaf, what) for setting in settings]
        for name in names or ():
            if name not in there:
                raise ValueError(
                    f'A {what} must be one of '
                    f'{", ".join(dict.fromkeys(there))} in this preset, but '
                    f'got {name!r}.'
                )
    return [
        setting
        for setting in settings
        if (methods is None or setting.leaf.method in methods)
        and (datasets is None or setting.leaf.dataset in datasets)
    ]
