"""MMWSML: multi-label classification when labels are only partly known."""

from .environment import check_environment

check_environment()

from . import registry  # noqa: E402
from .version import __version__  # noqa: E402

__all__ = ['__version__', 'registry']
