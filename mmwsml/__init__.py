"""MMWSML: multi-label classification when labels are only partly known."""

from importlib import import_module
from typing import Any

from .environment import check_environment
from .registration import register_with_mmpretrain
from .shipped_configs import config_path
from .version import __version__

check_environment()
register_with_mmpretrain()

#: Name -> the module that has it, imported when it is asked for: `import
#: mmwsml` imports neither torch nor a package of OpenMMLab.
LATER = {
    'fit': 'mmwsml.recipe.fit',
    'load': 'mmwsml.recipe.load',
    'registry': 'mmwsml.registry',
}

__all__ = ['__version__', 'config_path', 'fit', 'load', 'registry']


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    module = import_module(LATER[name])
    return getattr(module, name, module)
