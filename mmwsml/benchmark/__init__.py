"""Methods compared over seeds: presets, runs, tables."""

from .main import collect, describe, run
from .plan import plan
from .presets import PRESETS

__all__ = ['PRESETS', 'collect', 'describe', 'plan', 'run']
