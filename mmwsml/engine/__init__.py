"""Hooks, loops, optimizer wrappers, and what a run needs before it starts."""

from . import hooks
from .closed_form_loop import ClosedFormLoop
from .head_made_again_loop import HeadMadeAgainLoop
from .hooks import *  # noqa: F403
from .optimizers import CPUAmpOptimWrapper
from .resumable_iter_loop import ResumableIterLoop
from .seed import seed_worker

__all__ = [
    'CPUAmpOptimWrapper',
    'ClosedFormLoop',
    'HeadMadeAgainLoop',
    'ResumableIterLoop',
    'seed_worker',
]
__all__ += hooks.__all__
