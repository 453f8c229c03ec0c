"""The commands of ``mmwsml``, a module each."""

from .demo_data import DEMO_DATA
from .fit import FIT
from .predict import PREDICT
from .refit import REFIT
from .report import REPORT
from .review import REVIEW

#: In the order in which a person needs them.
COMMANDS = (FIT, PREDICT, REPORT, REVIEW, REFIT, DEMO_DATA)

__all__ = ['COMMANDS']
