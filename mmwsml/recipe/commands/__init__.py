"""The commands of ``mmwsml``, a module each."""

from .demo_data import DEMO_DATA
from .fit import FIT
from .predict import PREDICT

#: In the order in which a person needs them.
COMMANDS = (FIT, PREDICT, DEMO_DATA)

__all__ = ['COMMANDS']
