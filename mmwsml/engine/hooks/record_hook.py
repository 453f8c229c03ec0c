"""Writing down the losses and the modifications of training."""

import shutil
from pathlib import Path
from typing import Any

from mmengine.dist import is_main_process
from mmengine.runner import Runner

from mmwsml.datasets.infos import iter_datasets
from mmwsml.engine.head import head_of, store_of
from mmwsml.engine.samples import recorded_images
from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss
from mmwsml.records import RecordedImages, Recorder, RecordWriter
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_choice
from mmwsml.version import __version__

from .progress_hook import EpochHook

KEEP = 'counts', 'losses'


@HOOKS.register_module()
class RecordHook(EpochHook):
    """Record each epoch's losses by kind and class, and its modifications.

    Reads the logits of any loss of the package, and takes the cross-entropy
    as annotated, unobserved labels as negative: methods compare, and what a
    label store corrected counts as it was given. Where the training set has
    complete labels before a transform hides some, unobserved entries are told
    apart: truly negative (TN) or positive (FN). The truth is written to the
    records; no loss sees it. An image that an epoch repeats counts once.

    :func:`mmwsml.records.load_records` reads ``records`` of the work
    dir. An epoch appears there when it is whole, before its checkpoint; a
    resumed run writes anew what it trains again. A run that is resumed inside
    an epoch (counted in iterations) records the rest of it.

    Bytes of an epoch: 2,080 for each class, 1 for each image, 10 for each
    modification: 0.25 MB for COCO (82,081 x 80), 14 MB for Open Images V3
    (3.4 million x 5,000), without the modifications. ``keep='losses'`` adds 2
    for each entry: 13 MB, and 34 GB.

    Args:
        keep (str): ``'counts'``: histograms, sums and modifications.
            ``'losses'``: the loss of every entry too, in float16. Defaults to
            'counts'.
        **clock: As of :class:`EpochHook`.

    Raises:
        ValueError: If an option is wrong.
    """

    def __init__(self, keep: str = 'counts', **clock: Any) -> None:
        super().__init__(**clock)
        check_choice('keep', keep, KEEP)
        self.keep = keep

    def before_train(self, runner: Runner) -> None:
        """Name the images, and make the folder ready.

        Raises:
            TypeError: If the loss is not one of the package.
            ValueError: If images have no ``sample_id``, the records exceed
                the disk, there are records of another run to go on with, or
                the train loop has no epochs.
        """
        super().before_train(runner)
        loss = head_of(runner).loss_module
        if not isinstance(loss, PartialLabelLoss):
            raise TypeError(
                'RecordHook needs a loss of mmwsml, but got '
                f'{type(loss).__name__}: remove the hook or choose another '
                'loss.'
            )
        dataset = runner.train_dataloader.dataset
        images = recorded_images(dataset, head_of(runner).num_classes)
        writer = self._start(runner, images) if is_main_process() else None
        self._recorder = Recorder(images, writer, self.keep == 'losses')

    def _start(self, runner: Runner, images: RecordedImages) -> RecordWriter:
        epoch, num_epochs = self.clock.progress(runner)
        _refuse_size(runner.work_dir, images, self.keep, num_epochs)
        loss, store = head_of(runner).loss_module, store_of(runner)
        method = type(loss).__name__
        if type(store) is not LabelStore:
            method += f'+{type(store).__name__}'
        info = dict(
            mmwsml=__version__,
            experiment=runner.experiment_name,
            method=method,
            classes=_class_names(runner, images.num_classes),
            num_epochs=num_epochs,
            iters_per_epoch=self.clock.iters_per_epoch,
            keep=self.keep,
        )
        writer = RecordWriter(runner.work_dir, images, info)
        # Iteration 0 is a new run, whatever weights it starts from.
        writer.start(epoch)
        return writer

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Keep the logits of the step, and what the loss modified."""
        last = head_of(runner).last_step
        self._recorder.add(last.batch, last.logits, last.modified)
        super().after_train_iter(runner)

    def end_epoch(self, runner: Runner) -> None:
        """Write the epoch."""
        self._recorder.finish(self.clock.progress(runner)[0])


def _class_names(runner: Runner, num_classes: int) -> list:
    dataset = next(iter_datasets(runner.train_dataloader.dataset))
    names = dataset.metainfo.get('classes')
    return list(map(str, range(num_classes))) if names is None else [*names]


def _refuse_size(
    work_dir: str, images: RecordedImages, keep: str, num_epochs: int
) -> None:
    """Refuse what exceeds the disk.

    Raises:
        ValueError: If it does.
    """
    size = len(images), images.num_classes
    num_bytes = size[0] + 520 * len(images.kinds) * size[1]
    if keep == 'losses':
        num_bytes += 2 * size[0] * size[1]
    folder = Path(work_dir).absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if num_epochs * num_bytes > free:
        raise ValueError(
            f'Recording {size[0]} images x {size[1]} classes takes '
            f'{num_bytes / 1e9:.1f} GB in each of {num_epochs} epochs, but '
            f'{folder} has {free / 1e9:.1f} GB free: make room, or leave out '
            "`keep='losses'`."
        )
