"""Methods compared over seeds: presets, runs, tables."""

from .main import collect, describe, plan, run
from .presets import PRESETS

__all__ = ['PRESETS', 'collect', 'describe', 'plan', 'run']
