"""Parts and configs of MMWSML, made known to MMPretrain.

MMPretrain takes two seconds to import, which a program that reads its command
line first, or never needs it, does not pay: nothing is registered before
MMPretrain is there. MMEngine finds ``mmwsml.X`` in any case, since it imports
``mmwsml.registry`` for the name.
"""

import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Optional

HOST = 'mmpretrain'
#: What MMCV warns of without its compiled operators, which nothing here uses.
UNUSED = 'Fail to import ``MultiScaleDeformableAttention``'


def register_with_mmpretrain() -> None:
    """Register now if MMPretrain is imported, else right after it is."""
    warnings.filterwarnings('ignore', UNUSED)
    if HOST in sys.modules:
        _register()
    else:
        sys.meta_path.insert(0, _AfterImport())


def _register() -> None:
    from . import registry  # noqa: F401
    from .shipped_configs import register_models

    register_models()


class _AfterImport(MetaPathFinder):
    """Finds MMPretrain where it is, and registers once that is loaded."""

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> Optional[ModuleSpec]:
        """Find MMPretrain, once; leave all else to the other finders."""
        if name != HOST:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_register(module: ModuleType) -> None:
                load(module)
                _register()

            spec.loader.exec_module = load_and_register  # type: ignore[method-assign]
        return spec
