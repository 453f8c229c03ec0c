"""Pictures of modified labels during training."""

from typing import Any, List, Optional, Tuple

import numpy as np
from mmengine.dist import is_main_process
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.datasets.infos import iter_datasets
from mmwsml.engine.correction_picture import ImageLabels, draw_correction
from mmwsml.engine.head import head_of
from mmwsml.engine.samples import recorded_images
from mmwsml.registry import HOOKS
from mmwsml.structures import hash64
from mmwsml.structures.checks import check_integer
from mmwsml.structures.transfer import Download

from .progress_hook import EpochHook


@HOOKS.register_module()
class CorrectionPicturesHook(EpochHook):
    """Give the visualizer pictures of modified labels, some an epoch.

    Each shows an image as the network saw it (transforms of the pipeline
    included, its channels in the order BGR that mmcv reads), its given and
    its modified labels, and, where the training set has complete labels
    before a transform hides some, which are true. Every backend of the
    visualizer gets them, TensorBoard and the folder ``vis_image`` too; the
    name is ``correction_0``, the step the epoch. The pictures are the first
    of the epoch, which shuffles; of several processes those of the first.

    Args:
        num (int): Pictures an epoch, at least 1. Defaults to 4.
        **clock: As of :class:`EpochHook`.

    Raises:
        ValueError: If an option is wrong.
    """

    def __init__(self, num: int = 4, **clock: Any) -> None:
        super().__init__(**clock)
        check_integer('num', num, 1)
        self.num = num
        self._epoch = self._num_drawn = 0
        #: A step that is not drawn yet.
        self._last: Optional[Tuple[Any, Download]] = None

    def before_train(self, runner: Runner) -> None:
        """Look up classes and, where they are known, true labels.

        Raises:
            TypeError: If the loss modifies no label.
            ValueError: If images have no ``sample_id``, or the train loop
                has no epochs.
        """
        super().before_train(runner)
        head = head_of(runner)
        if not getattr(head.loss_module, 'modifies', False):
            raise TypeError(
                'CorrectionPicturesHook needs a loss that modifies labels, '
                'such as LargeLossCorrection, but got '
                f'{type(head.loss_module).__name__}: remove the hook.'
            )
        dataset = runner.train_dataloader.dataset
        names = next(iter_datasets(dataset)).metainfo.get('classes')
        self._classes = names or [str(k) for k in range(head.num_classes)]
        self._images = recorded_images(dataset, head.num_classes)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        """Draw the step before this one, until the epoch has its pictures.

        So no step waits for the device to tell what it modified.

        Raises:
            ValueError: If the network sees no images.
        """
        self._draw_last(runner)
        epoch, _ = self.clock.progress(runner)
        if epoch != self._epoch:
            self._epoch, self._num_drawn = epoch, 0
        if self._num_drawn < self.num and is_main_process():
            modified = head_of(runner).last_step.modified
            self._last = data_batch, Download(modified)

    def after_train(self, runner: Runner) -> None:
        """Draw the last step."""
        self._draw_last(runner)

    def _draw_last(self, runner: Runner) -> None:
        if self._last is None:
            return
        (data_batch, download), self._last = self._last, None
        (modified,) = download.arrays()
        rows = np.flatnonzero(modified.any(1))
        for row in rows[: self.num - self._num_drawn]:
            sample = data_batch['data_samples'][row]
            marked = modified[row].nonzero()[0].tolist()
            picture = draw_correction(
                _to_rgb(data_batch['inputs'][row]),
                self._name(sample.sample_id, sample.gt_label.tolist(), marked),
            )
            name = f'correction_{self._num_drawn}'
            runner.visualizer.add_image(name, picture, step=self._epoch)
            self._num_drawn += 1

    def _name(
        self, sample_id: str, given: List[int], modified: List[int]
    ) -> ImageLabels:
        """Name the labels of an image."""
        truth = None
        if self._images.truth is not None:
            key = np.int64(hash64(sample_id))
            row = int(np.searchsorted(self._images.keys, key))
            truth = self._images.truth.of(row)
        names = self._classes
        return ImageLabels(
            [names[k] for k in given],
            [
                (names[k], None if truth is None else k in truth)
                for k in modified
            ],
            [names[k] for k in truth or () if k not in {*given, *modified}],
        )


def _to_rgb(image: Tensor) -> np.ndarray:
    """Turn what the pipeline packed into a picture.

    Raises:
        ValueError: If it is none.
    """
    if image.ndim != 3 or len(image) != 3:
        raise ValueError(
            'CorrectionPicturesHook draws images of three channels, but the '
            f'network is given {tuple(image.shape)}: remove the hook from a '
            'run on features.'
        )
    pixels = image.clamp(0, 255).byte().permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(pixels[..., ::-1])
