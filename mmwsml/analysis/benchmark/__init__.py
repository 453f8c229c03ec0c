"""Methods compared over seeds: presets, runs, tables."""

from .main import collect, describe, plan, run

__all__ = ['collect', 'describe', 'plan', 'run']
