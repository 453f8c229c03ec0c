"""A trained model for Python: ``mmwsml.load(DIR).predict(images)``."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

import numpy as np
from mmengine.logging import MMLogger

from mmwsml.inference.inference_files import (
    check_out_file,
    tell_others,
    write_results,
)
from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.structures.overwriting import refuse_to_overwrite

from .find_model import find_model
from .given_images import GivenImages, take_images


@dataclass(frozen=True)
class ScoredImages:
    """What a model says of N images and K classes."""

    #: Path of each image; None where pixels were given.
    paths: List[Optional[str]]
    classes: Tuple[str, ...]
    #: Float32 ``(N, K)`` in [0, 1].
    scores: np.ndarray
    #: Float32 ``(K,)``: from which score on a class counts as present.
    thresholds: np.ndarray
    #: Names of the classes of each image, the surest first.
    labels: List[List[str]]
    #: Images that could not be read and are left out, and why.
    skipped: Dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.paths)

    def to_csv(self, path: Union[str, Path], force: bool = False) -> None:
        """Write a line an image: its path, its labels, a score a class.

        Args:
            path (str | Path): The file, ``.csv`` (or ``.json``). Where pixels
                were given an image is called by its number, from 0.
            force (bool): Whether to replace it if it is there. Defaults to
                False.

        Raises:
            FileExistsError: If it is there.
            ValueError: If it is called otherwise.
        """
        check_out_file(str(path))
        refuse_to_overwrite([path], force=force)
        rows = [
            dict(
                img_path=str(n) if name is None else name,
                labels=labels,
                scores=scores,
            )
            for n, (name, labels, scores) in enumerate(
                zip(self.paths, self.labels, self.scores)
            )
        ]
        write_results(
            str(path), rows, self.classes, self.thresholds, self.skipped
        )


class LoadedModel:
    """Names the classes in images.

    Args:
        inferencer (MultiLabelInferencer): What does it.
    """

    def __init__(self, inferencer: MultiLabelInferencer) -> None:
        self._inferencer = inferencer
        self.classes = tuple(inferencer.classes)
        #: Float32 ``(K,)``: from which score on a class counts as present.
        self.thresholds = inferencer.thresholds

    def predict(
        self,
        images: GivenImages,
        channel_order: Optional[str] = None,
        batch_size: int = 32,
        on_error: str = 'raise',
    ) -> ScoredImages:
        """Score images; a bar shows how far it is.

        Args:
            images (str | Path | ndarray | Image | list): As of
                :func:`take_images`: paths, folders, arrays, images of Pillow.
            channel_order (str, optional): Of arrays, 'rgb' or 'bgr'. Defaults
                to None: there are none, or they are grey.
            batch_size (int): Images that the network takes at once. Defaults
                to 32.
            on_error (str): What to do about an image that cannot be read:
                'raise', or 'skip' it and note it in ``skipped``. Defaults to
                'raise'.

        Raises:
            OSError: If a path names no image, or one cannot be read.
            TypeError: If something is no image, or nobody says the order.
            ValueError: If an array or an option is not what it should be.
        """
        taken = take_images(images, channel_order)
        if isinstance(images, (str, Path)):
            others = tell_others([str(images)])
            if others:
                MMLogger.get_current_instance().info(others)
        results = self._inferencer(
            taken, batch_size=batch_size, on_error=on_error
        )
        scores = [result['scores'] for result in results]
        shape = len(scores), len(self.classes)
        return ScoredImages(
            [result['img_path'] for result in results],
            self.classes,
            np.array(scores, np.float32).reshape(shape),
            self.thresholds,
            [result['labels'] for result in results],
            self._inferencer.skipped,
        )


def load(path: Union[str, Path], device: Optional[str] = None) -> LoadedModel:
    """Load the model of a fit, or a published one.

    Args:
        path (str | Path): The folder that ``mmwsml fit`` wrote, or a
            checkpoint of ``tools/publish_model.py``. It runs no code.
        device (str, optional): Defaults to None: a GPU where there is one.

    Raises:
        FileNotFoundError: If there is no model.
        ValueError: If the file is damaged, or the device is not there.
    """
    checkpoint, thresholds = find_model(path)
    return LoadedModel(
        MultiLabelInferencer(checkpoint, None, device, thresholds)
    )
