"""MMWSML: multi-label classification when labels are only partly known."""

from importlib import import_module
from typing import Any

from .environment import check_environment

check_environment()

from . import registry  # noqa: E402
from .shipped_configs import config_path, register_models  # noqa: E402
from .version import __version__  # noqa: E402

register_models()


def __getattr__(name: str) -> Any:
    """Import what is above the parts when it is asked for."""
    if name not in LATER:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return getattr(import_module(LATER[name], __name__), name)


#: Names of the floors above, and where they are.
LATER = {'fit': '.recipe.fit', 'load': '.recipe.load'}

__all__ = ['__version__', 'config_path', 'fit', 'load', 'registry']
