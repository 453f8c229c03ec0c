"""What a label store learns from all training images after an epoch."""

import time
from typing import Any, List, Optional

from mmengine.runner import Runner

from mmwsml.engine.full_pass import load_images, predict_images
from mmwsml.engine.head import bare_model, head_of, store_of
from mmwsml.engine.samples import sample_keys
from mmwsml.models.label_stores import LabelStore
from mmwsml.registry import HOOKS
from mmwsml.structures import ImageRows
from mmwsml.structures.checks import check_integer
from mmwsml.structures.memory_limit import refuse_bytes

from .progress_hook import EpochHook


@HOOKS.register_module()
class FullPassHook(EpochHook):
    """Show the label store all training images after the epochs it asks for.

    They are predicted once, in evaluation mode, with the current weights and
    the transforms of validation; the processes share the work, and their
    stores learn the same. The pass comes before the checkpoint of the epoch,
    and changes neither the model nor the random numbers of training.

    A pass costs a forward pass over the training set, logged in seconds and
    as a share of the epoch's time, and while it runs 4 bytes for each of the
    M images and K classes on each process: 21 MB for COCO (65,665 x 80), 68
    GB for Open Images V3 (3.4 million x 5,000). What exceeds the machine's
    memory is refused.

    Args:
        pipeline (list[dict], optional): Transforms of the images, up to
            packing; those of labels stay training's. Defaults to None: those
            of ``val_dataloader``, or else of ``test_dataloader``.
        batch_size (int, optional): On each process, at least 1. Defaults to
            None: that of the same loader.
        num_workers (int, optional): On each process, at least 0. Defaults to
            None: that of the same loader.
        **clock: As of :class:`EpochHook`.

    Raises:
        ValueError: If an option is wrong, missing or not used.
    """

    def __init__(
        self,
        pipeline: Optional[List[dict]] = None,
        batch_size: Optional[int] = None,
        num_workers: Optional[int] = None,
        **clock: Any,
    ) -> None:
        super().__init__(**clock)
        if batch_size is not None:
            check_integer('batch_size', batch_size, 1)
        if num_workers is not None:
            check_integer('num_workers', num_workers, 0)
        self.pipeline = pipeline
        self.batch_size = batch_size
        self.num_workers = num_workers
        self._started: Optional[float] = None

    def before_train(self, runner: Runner) -> None:
        """Find the images and how they are transformed.

        Raises:
            ValueError: If the store never asks for a pass, a pass exceeds the
                memory, there is no pipeline, or the train loop has no epochs.
        """
        super().before_train(runner)
        _refuse_idle(store_of(runner), self.clock.progress(runner)[1])
        train = runner.train_dataloader.dataset
        self._rows = ImageRows(sample_keys(train))
        size = len(self._rows), head_of(runner).num_classes
        refuse_bytes(
            f'A pass over {size[0]} images x {size[1]} classes',
            4 * size[0] * size[1],
            'train on fewer images or classes, or choose a method without it',
        )
        self._loader = load_images(
            runner,
            type(self).__name__,
            self.pipeline,
            self.batch_size,
            self.num_workers,
        )

    def before_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Note when the epoch began."""
        if self._started is None:
            self._started = time.perf_counter()

    def end_epoch(self, runner: Runner) -> None:
        """Make a pass if the store asks for one."""
        started, self._started = self._started, None
        store, progress = store_of(runner), self.clock.progress(runner)
        if not store.wants_logits(*progress):
            return
        begin = time.perf_counter()
        model = bare_model(runner)
        classes = head_of(runner).num_classes
        logits = predict_images(model, self._loader, self._rows, classes)
        store.take_logits(logits, *progress)
        end = time.perf_counter()
        whole = end - (begin if started is None else started)
        runner.logger.info(
            f'Epoch {progress[0]}: {type(store).__name__} saw '
            f'{len(logits)} training images in {end - begin:.1f} s, '
            f'{100 * (end - begin) / whole:.0f} % of the epoch.'
        )


def _refuse_idle(store: LabelStore, num_epochs: int) -> None:
    epochs = range(1, num_epochs + 1)
    if not any(store.wants_logits(epoch, num_epochs) for epoch in epochs):
        raise ValueError(
            f'{type(store).__name__} asks for no pass over the training set '
            f'in the {num_epochs} epochs of the run: remove FullPassHook, or '
            'let the label store begin earlier.'
        )
