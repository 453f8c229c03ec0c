"""The pointing game: do class-activation maps find the objects."""

import os
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

import cv2
import numpy as np
from mmcv.image import imread
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from torch import Tensor

from mmwsml.evaluation.pointing import (
    boxes_of,
    check_sample,
    covered_share,
    draw_map,
    enlarge,
    find_maximum,
    is_hit,
)
from mmwsml.registry import METRICS
from mmwsml.structures.checks import check_number
from mmwsml.structures.whole_file import write_whole


@METRICS.register_module()
class PointingGame(BaseMetric):
    """Share of maps whose maximum lies in a box of their class, in percent.

    For each true class of an image with a box, its class-activation map
    (``ActivationMapHook`` makes it) hits if the point of its maximum lies in
    one of the boxes. The hit rate of a class is the share of its images that
    do; the result is the mean over classes. A class without a box is left
    out and named in the log. ``box_share`` is what random points would hit.

    Paper: `Large Loss Matters in Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022), section 4, which plays
    the game of `Zhang et al. <https://arxiv.org/abs/1608.00507>`_ (ECCV
    2016).

    Args:
        tolerance (float): Pixels of the image file by which a point may miss
            a box; Pascal VOC's published results have 15. Defaults to 0.
        show_dir (str, optional): Folder for a picture of each image and
            class: map, boxes and point. Defaults to None: no pictures.
        collect_device (str): Where ranks collect, 'cpu' or 'gpu'. Defaults to
            'cpu'.
        prefix (str, optional): Of the metric's name. Defaults to None:
            ``pointing-game``.

    Raises:
        ValueError: If ``tolerance`` is negative.
    """

    default_prefix = 'pointing-game'

    def __init__(
        self,
        tolerance: float = 0,
        show_dir: Optional[str] = None,
        collect_device: str = 'cpu',
        prefix: Optional[str] = None,
    ) -> None:
        super().__init__(collect_device, prefix)
        check_number('tolerance', tolerance, 0)
        self.tolerance = tolerance
        self.show_dir = show_dir

    def process(self, data_batch: dict, data_samples: Sequence[dict]) -> None:
        """Point at the true classes of a batch.

        Args:
            data_batch (dict): Not used.
            data_samples (Sequence[dict]): Each with ``gt_label``,
                ``activation_maps`` (a map for each of its classes),
                ``input_shape``, ``img_shape``, ``ori_shape``, and
                ``instances``, the boxes in px of the image file.

        Raises:
            ValueError: If maps or boxes are missing or wrong, or the network
                did not see the whole image.
        """
        for sample in data_samples:
            check_sample(sample)
            labels = sample['gt_label'].tolist()
            maps = zip(labels, sample['activation_maps'])
            self.results.append(
                [
                    (label, *self._play(sample, label, activation))
                    for label, activation in maps
                    if boxes_of(sample['instances'], label)
                ]
            )

    def _play(
        self, sample: dict, label: int, activation: Tensor
    ) -> Tuple[bool, float]:
        """Say whether a map hits, and which share of the image would."""
        shapes = [
            sample[name] for name in ('input_shape', 'img_shape', 'ori_shape')
        ]
        boxes = boxes_of(sample['instances'], label)
        point = find_maximum(activation, *shapes)
        hit = is_hit(point, boxes, self.tolerance)
        if self.show_dir is not None:
            classes = self.dataset_meta['classes']
            title = f'{classes[label]}: {"hit" if hit else "miss"}'
            drawn = draw_map(
                imread(sample['img_path']),
                enlarge(activation, *shapes),
                boxes,
                point,
                title,
            )
            stem = Path(sample['img_path']).stem
            os.makedirs(self.show_dir, exist_ok=True)
            write_whole(
                Path(self.show_dir, f'{stem}_{label}.png'),
                cv2.imencode('.png', drawn)[1].tobytes(),
            )
        return hit, covered_share(boxes, self.tolerance, shapes[2])

    def compute_metrics(self, results: List[list]) -> dict:
        """Average over the images of each class, then over classes.

        Returns:
            dict: ``hit_rate`` and ``box_share``, in percent, and
            ``num_maps``.

        Raises:
            ValueError: If no image has a box of a true class.
        """
        games: Dict[int, list] = {}
        for label, *game in (game for result in results for game in result):
            games.setdefault(label, []).append(game)
        if not games:
            raise ValueError(
                f'The pointing game is undefined: none of {len(results)} '
                'images has a box of one of its classes; evaluate on images '
                'with boxes.'
            )
        rates = {k: 100 * np.mean(games[k], 0) for k in sorted(games)}
        self._log(rates, {k: len(games[k]) for k in games})
        hit_rate, box_share = np.mean(list(rates.values()), 0)
        return dict(
            hit_rate=float(hit_rate),
            box_share=float(box_share),
            num_maps=sum(map(len, games.values())),
        )

    def _log(self, rates: Dict[int, np.ndarray], counts: dict) -> None:
        """Write a line a class, and name those without a box."""
        logger = MMLogger.get_current_instance()
        names = (self.dataset_meta or {}).get('classes')
        names = names or [str(label) for label in range(max(rates) + 1)]
        width = max(5, *(len(name) for name in names))
        lines = [f'{"class":{width}}  maps  hit rate  box share']
        for k, (hit, share) in rates.items():
            cells = f'{counts[k]:6d}{hit:10.1f}{share:11.1f}'
            lines.append(f'{names[k]:{width}}{cells}')
        logger.info('\n'.join(lines))
        lacking = [name for k, name in enumerate(names) if k not in rates]
        if lacking:
            logger.warning(
                f'The pointing game leaves out {len(lacking)} of '
                f'{len(names)} classes without a box: {", ".join(lacking)}.'
            )
