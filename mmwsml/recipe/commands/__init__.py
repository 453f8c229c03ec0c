"""The commands of ``mmwsml``, a module each."""

from .fit import FIT

#: In the order in which a person needs them.
COMMANDS = (FIT,)

__all__ = ['COMMANDS']
