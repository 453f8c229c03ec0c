"""The label store's place in a run: its epoch and its checkpoints."""

from typing import Optional

from mmengine.dist import get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.registry import HOOKS
from mmwsml.structures import LabelStore


@HOOKS.register_module()
class LabelStoreHook(Hook):
    """Tell the label store the epoch; save and resume it with the run.

    A resumed run goes on with the store of its checkpoint; a run that only
    starts from the weights of another (``load_from``) does not take its store.
    Models without a stateful store are left alone.
    """

    def __init__(self) -> None:
        self._loaded: Optional[dict] = None

    def before_train(self, runner: Runner) -> None:
        """Put the store of a resumed run in place.

        Raises:
            NotImplementedError: If several processes train with a store.
            ValueError: If the checkpoint to resume from has no store.
        """
        store = _store_of(runner)
        if not store.stateful:
            return
        if get_world_size() > 1:
            raise NotImplementedError(
                f'{type(store).__name__} (LL-Cp) works on one process so far, '
                f'but {get_world_size()} were started: use one, or LL-R or '
                'LL-Ct.'
            )
        if runner.iter == 0:  # a new run, whatever weights it starts from
            return
        if self._loaded is None:
            raise ValueError(
                'The checkpoint to resume from holds no '
                f'{type(store).__name__}: resume from a checkpoint of a run '
                'with the same `model.head.label_store`, or start a new run.'
            )
        store.load_state_dict(self._loaded)
        self._loaded = None

    def before_train_epoch(self, runner: Runner) -> None:
        """Tell the store the epoch, from 1."""
        _store_of(runner).epoch = runner.epoch + 1

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Add the store to the checkpoint."""
        store = _store_of(runner)
        if store.stateful:
            checkpoint['label_store'] = store.state_dict()

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Keep the store until it is known whether the run is resumed."""
        self._loaded = checkpoint.get('label_store')


def _store_of(runner: Runner) -> LabelStore:
    return getattr(head_of(runner), 'label_store', LabelStore())
