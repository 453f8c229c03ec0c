"""The label store's place in a run: its images and its checkpoints."""

from typing import Any, Optional

from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.head import head_of, store_of
from mmwsml.engine.samples import known_labels, sample_keys
from mmwsml.models.label_stores import LabelStore
from mmwsml.registry import HOOKS
from mmwsml.structures import KnownLabels

from .full_pass_hook import FullPassHook


@HOOKS.register_module()
class LabelStoreHook(Hook):
    """Save the label store and resume it with the run.

    A resumed run goes on with the store of its checkpoint, on any number of
    processes; a run that only starts from the weights of another
    (``load_from``) does not take its store. After every step the store is the
    same on all processes. Models without a stateful store have nothing saved.
    """

    def __init__(self) -> None:
        self._loaded: Optional[dict] = None

    def before_train(self, runner: Runner) -> None:
        """Name the images, and put the store of a resumed run in place.

        Raises:
            ValueError: If the checkpoint to resume from has no store, or one
                of other images; if the images have no ``sample_id``; if the
                store waits for passes that no :class:`FullPassHook` makes.
        """
        loaded, self._loaded = self._loaded, None
        store = store_of(runner)
        _check_pass(runner, store)
        if not store.stateful:
            return
        dataset = runner.train_dataloader.dataset
        if store.needs_labels:
            store.start(known_labels(dataset))
        else:
            store.start(KnownLabels(sample_keys(dataset)))
        if runner.iter == 0:  # a new run, whatever weights it starts from
            return
        if loaded is None:
            raise ValueError(
                'The checkpoint to resume from holds no '
                f'{type(store).__name__}: resume from a checkpoint of a run '
                'with the same `model.head.label_store`, or start a new run.'
            )
        store.restore(loaded)

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Finish the step on all processes; a checkpoint may follow.

        On a GPU this waits for the loss, while the backward pass goes on.
        """
        head = head_of(runner)
        if hasattr(head, 'finish_step'):
            head.finish_step()

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Add the store to the checkpoint."""
        store = store_of(runner)
        if store.stateful:
            checkpoint['label_store'] = store.snapshot()

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Keep the store until it is known whether the run is resumed."""
        self._loaded = checkpoint.get('label_store')


def _check_pass(runner: Runner, store: LabelStore) -> None:
    """Refuse a store that would wait for passes that nobody makes."""
    waits = type(store).wants_logits is not LabelStore.wants_logits
    if waits and not any(isinstance(h, FullPassHook) for h in runner.hooks):
        raise ValueError(
            f'{type(store).__name__} learns from passes over the training '
            "set: add dict(type='mmwsml.FullPassHook') to `custom_hooks`."
        )
