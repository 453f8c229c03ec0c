"""Optimizer wrappers beside those of MMEngine."""

from .cpu_amp_optim_wrapper import CPUAmpOptimWrapper

__all__ = ['CPUAmpOptimWrapper']
