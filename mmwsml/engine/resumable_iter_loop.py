"""Training by iterations that goes on in the middle of a pass."""

from typing import Any, Iterator, Optional, Sequence

from mmengine.dist import get_rank
from mmengine.runner import IterBasedTrainLoop, Runner
from torch.utils.data import DataLoader

from mmwsml.registry import LOOPS

from .seed import set_seed


@LOOPS.register_module()
class ResumableIterLoop(IterBasedTrainLoop):
    """MMEngine's loop over iterations, resumed with the next unseen batch.

    The batches before are skipped by index, not loaded again, and the random
    state of a step, and of loading its batch in this process, is a function
    of (seed, iteration, rank): a resumed run equals an unbroken one. Random
    transforms in workers are not covered: for those, set
    ``train_dataloader.num_workers=0``.

    Args:
        runner (Runner): The run.
        dataloader (DataLoader | dict): Its sampler must be able to ``skip``.
        **kwargs: ``max_iters``, ``val_begin``, ``val_interval``,
            ``dynamic_intervals`` of
            :class:`mmengine.runner.IterBasedTrainLoop`.

    Raises:
        TypeError: If the sampler cannot skip.
    """

    def __init__(
        self, runner: Runner, dataloader: DataLoader, **kwargs: Any
    ) -> None:
        super().__init__(runner, dataloader, **kwargs)
        sampler = self.dataloader.sampler
        if not hasattr(sampler, 'skip'):
            raise TypeError(
                'ResumableIterLoop needs a sampler that can skip, but got '
                f'{type(sampler).__name__}: set `train_dataloader.sampler='
                "dict(type='mmwsml.EndlessSampler')`."
            )
        # Instead of the one that loads every earlier batch again.
        self.dataloader_iterator = _Batches(runner, self.dataloader)


class _Batches:
    """The batches from the iteration at which the run stands."""

    def __init__(self, runner: Runner, dataloader: Any) -> None:
        self._runner = runner
        self._dataloader = dataloader  # its sampler can skip
        self._iterator: Optional[Iterator] = None
        self._next = 0

    def skip_iter(self, num_iters: int) -> None:
        """Skip batches; called by newer versions of MMEngine."""
        self._next += num_iters

    def __next__(self) -> Optional[Sequence[dict]]:
        """Load a batch, or nothing where it was trained on before."""
        if self._next < self._runner.iter:
            # Older versions of MMEngine ask for each earlier batch.
            self._next += 1
            return None
        if self._iterator is None:
            loader = self._dataloader
            loader.sampler.skip(self._next * loader.batch_sampler.batch_size)
            self._iterator = iter(loader)
        set_seed(self._runner.seed, f'iter {self._next}', get_rank())
        self._next += 1
        return next(self._iterator)
