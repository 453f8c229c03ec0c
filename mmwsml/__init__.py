"""MMWSML: multi-label classification when labels are only partly known."""

from .environment import check_environment

check_environment()

from . import registry  # noqa: E402
from .shipped_configs import config_path, register_models  # noqa: E402
from .version import __version__  # noqa: E402

register_models()

__all__ = ['__version__', 'config_path', 'registry']
