"""Randomness that is a function of seed, epoch and rank."""

from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.seed import set_seed
from mmwsml.registry import HOOKS


@HOOKS.register_module()
class EpochSeedHook(Hook):
    """Seed Python, NumPy and torch anew at the start of each epoch.

    MMEngine restores no random state: with this hook an epoch draws the same
    numbers whether the run was resumed before it or not. Workers follow where
    the data loader has ``worker_init_fn=dict(type='mmwsml.seed_worker')`` and
    does not keep its workers (``persistent_workers=False``).
    """

    def before_train_epoch(self, runner: Runner) -> None:
        """Seed with (seed, epoch, rank)."""
        set_seed(runner.seed, runner.epoch, get_rank())

    def before_train(self, runner: Runner) -> None:
        """Say where a resumed run will not equal an unbroken one."""
        loader = runner.train_dataloader
        if loader.num_workers and loader.persistent_workers:
            runner.logger.warning(
                'The train data loader keeps its workers, whose random state '
                'no checkpoint holds: set `train_dataloader.'
                'persistent_workers=False` for a resume that changes nothing.'
            )
