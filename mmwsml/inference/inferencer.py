"""Multi-label inference on images of any source."""

from pathlib import Path
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
    Union,
)

import numpy as np
import torch
from mmcv.transforms import LoadImageFromFile
from mmengine.config import Config
from mmengine.dataset import Compose, default_collate
from mmengine.registry import DefaultScope
from mmpretrain.apis import ImageClassificationInferencer
from mmpretrain.registry import TRANSFORMS
from mmpretrain.structures import DataSample
from rich.progress import track

from mmwsml.datasets.image_file import check_image_size
from mmwsml.datasets.transforms import AddSampleId
from mmwsml.evaluation.thresholds import Thresholds, resolve_thresholds
from mmwsml.structures.checks import check_choice, check_integer

from .inference_files import name_pictures
from .input_images import Image, list_images, path_of, take_pixels
from .trained_model import load_trained_model


class MultiLabelInferencer(ImageClassificationInferencer):
    """Names the classes in images, above a threshold for each class.

    Images are read and prepared as in evaluation, and the scores are those of
    tools/test.py, up to the rounding of another batch size. The checkpoint
    runs no code.

    Args:
        checkpoint (str): A checkpoint of a run, or a published one.
        config (str | Config, optional): Of the run. Defaults to None: the one
            inside a published checkpoint.
        device (str, optional): Defaults to None: a GPU where there is one.
        thresholds (str | float | Thresholds, optional): A file, one number
            for all classes, or thresholds. Defaults to None: those inside a
            published checkpoint, else 0.5.

    Raises:
        FileNotFoundError: If a file does not exist.
        ValueError: If the checkpoint, the device or the thresholds are not
            what they should be.
    """

    def __init__(
        self,
        checkpoint: str,
        config: Union[str, Config, None] = None,
        device: Optional[str] = None,
        thresholds: Union[str, float, Thresholds, None] = None,
    ) -> None:
        model = load_trained_model(checkpoint, config, device)
        super().__init__(model, pretrained=False)
        #: Float32 ``(K,)``, of scores after the sigmoid.
        if thresholds is None:
            thresholds = model._dataset_meta.get('thresholds', 0.5)
        self.thresholds = resolve_thresholds(thresholds, self.classes)
        #: Image -> why it could not be read, of the last call.
        self.skipped: Dict[str, str] = {}

    def __call__(
        self,
        inputs: Union[Image, Sequence[Image]],
        return_datasamples: bool = False,
        batch_size: int = 32,
        on_error: str = 'raise',
        show_dir: Optional[str] = None,
    ) -> list:
        """Predict images.

        Args:
            inputs (str | Path | PIL.Image | ndarray | list): A path, a folder
                (searched with the folders in it, other files left out), a
                picture of Pillow, pixels (uint8 ``(H, W, 3)``, BGR), or a
                list of these.
            return_datasamples (bool): Return MMPretrain's data samples.
                Defaults to False.
            batch_size (int): Images that the network takes at once. Defaults
                to 32.
            on_error (str): What to do about an image that cannot be read:
                'raise', or 'skip' it and note it in ``skipped``. Defaults to
                'raise'.
            show_dir (str, optional): Folder for a picture of each image with
                its labels. Defaults to None: no pictures.

        Returns:
            list[dict]: For each image that could be read ``img_path`` (None
            of an array), ``labels``, the names at or above their thresholds,
            the highest score first, and ``scores``, float32 ``(K,)``.

        Raises:
            ValueError: If ``on_error`` or ``batch_size`` is wrong.
            OSError: If an image cannot be read and ``on_error='raise'``.
        """
        check_choice('on_error', on_error, ('raise', 'skip'))
        check_integer('batch_size', batch_size, 1)
        self.skipped = {}
        images = list_images(inputs)
        names = name_pictures(images) if show_dir is not None else {}
        results = []
        batches = range(0, len(images), batch_size)
        for first in track(batches, 'Inference', disable=len(batches) < 2):
            batch = range(first, min(first + batch_size, len(images)))
            read = list(self._read(images, batch, on_error == 'skip'))
            for index, sample in zip(
                (index for index, _ in read),
                self._predict([packed for _, packed in read]),
            ):
                if show_dir is not None:
                    path = Path(show_dir, names[index])
                    self._draw(images[index], sample, path)
                results.append(
                    sample
                    if return_datasamples
                    else self._describe(images[index], sample)
                )
        return results

    def _init_pipeline(self, cfg: Config) -> Callable:
        """Build the transforms of evaluation; the path is the identity."""
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            built = [
                TRANSFORMS.build(step)
                for step in cfg.test_dataloader.dataset.pipeline
            ]
        steps = [step for step in built if not isinstance(step, AddSampleId)]
        self._from_array = Compose(
            [step for step in steps if not isinstance(step, LoadImageFromFile)]
        )
        return Compose(steps)

    def _read(
        self, images: List[Image], batch: range, skip: bool
    ) -> Iterator[Tuple[int, dict]]:
        """Yield the images of a batch that can be read, packed."""
        for index in batch:
            image = images[index]
            try:
                path = path_of(image)
                if path is None:
                    pixels = take_pixels(image)
                    shape = pixels.shape[:2]
                    info = dict(img=pixels, img_shape=shape, ori_shape=shape)
                    info['sample_id'] = f'array/{index}'
                    packed = self._from_array(info)
                else:
                    check_image_size(path)
                    info = dict(img_path=path, sample_id=path)
                    packed = self.pipeline(info)
            except Exception as error:  # decoders raise almost anything
                if not skip:
                    raise
                name = str(index if path is None else path)
                # A name that is not UTF-8 could not be written down.
                name = name.encode(errors='backslashreplace').decode()
                self.skipped[name] = str(error)
            else:
                yield index, packed

    @torch.no_grad()
    def _predict(self, packed: List[dict]) -> List[DataSample]:
        """Predict packed images; those of one size go together.

        Padding them to one size would let the scores depend on the batch.
        """
        groups: Dict[tuple, List[int]] = {}
        for place, item in enumerate(packed):
            groups.setdefault(item['inputs'].shape, []).append(place)
        samples: Dict[int, DataSample] = {}
        for places in groups.values():
            data = default_collate([packed[place] for place in places])
            samples.update(zip(places, self.model.test_step(data)))
        return [samples[place] for place in range(len(packed))]

    def _describe(self, image: Image, sample: DataSample) -> dict:
        scores = sample.pred_score.float().cpu().numpy()
        return dict(
            img_path=path_of(image),
            labels=[self.classes[k] for k in self._labels(scores)],
            scores=scores,
        )

    def _labels(self, scores: np.ndarray) -> np.ndarray:
        """List the classes above their thresholds, the surest first."""
        found = np.flatnonzero(scores >= self.thresholds)
        return found[np.argsort(-scores[found], kind='stable')]

    def _draw(self, image: Image, sample: DataSample, path: Path) -> None:
        """Draw the labels on an image, enlarged to where they are readable."""
        from mmpretrain.visualization import UniversalVisualizer

        if self.visualizer is None:
            self.visualizer: Any = UniversalVisualizer()
        scores = sample.pred_score.float().cpu().numpy()
        sample = DataSample().set_pred_score(sample.pred_score.cpu())
        sample.set_pred_label(torch.from_numpy(self._labels(scores)))
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = take_pixels(image)
        self.visualizer.visualize_cls(
            pixels[..., ::-1],
            sample,
            classes=self.classes,
            resize=max(384, min(pixels.shape[:2])),
            draw_gt=False,
            out_file=str(path),
        )
