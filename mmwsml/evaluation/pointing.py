"""Where a class-activation map points, and whether the class is there."""

from typing import List, Sequence, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def find_maximum(
    activation: Tensor,
    input_shape: Tuple[int, int],
    img_shape: Tuple[int, int],
    ori_shape: Tuple[int, int],
) -> Tuple[float, float]:
    """Find the point of an image where a map is largest.

    The map covers what the network saw. It is enlarged bilinearly to the
    pixels of the image file; padding at the right and below does not count.

    Args:
        activation (Tensor): Float ``(h, w)``.
        input_shape (tuple): Height and width of what the network saw, px.
        img_shape (tuple): Of it, height and width of the image, px.
        ori_shape (tuple): Height and width of the image file, px.

    Returns:
        tuple[float, float]: x and y, the centre of the first pixel of the
        maximum, row by row.
    """
    enlarged = enlarge(activation, input_shape, img_shape, ori_shape)
    y, x = divmod(int(enlarged.argmax()), enlarged.shape[1])
    return x + 0.5, y + 0.5


def enlarge(
    activation: Tensor,
    input_shape: Tuple[int, int],
    img_shape: Tuple[int, int],
    ori_shape: Tuple[int, int],
) -> Tensor:
    """Enlarge a map to the pixels of the image file, float ``ori_shape``.

    Arguments as in :func:`find_maximum`.
    """
    size = [
        round(whole * file / part)
        for whole, part, file in zip(input_shape, img_shape, ori_shape)
    ]
    enlarged = F.interpolate(
        activation[None, None].float(), size, mode='bilinear'
    )[0, 0]
    return enlarged[: ori_shape[0], : ori_shape[1]]


def is_hit(
    point: Tuple[float, float],
    boxes: Sequence[Sequence[float]],
    tolerance: float,
) -> bool:
    """Say whether a point lies in a box, or at most ``tolerance`` beside it.

    Args:
        point (tuple[float, float]): x and y, px.
        boxes (Sequence): Each x1, y1, x2, y2, px.
        tolerance (float): Added on every side, px.
    """
    x, y = point
    return any(
        x1 - tolerance <= x <= x2 + tolerance
        and y1 - tolerance <= y <= y2 + tolerance
        for x1, y1, x2, y2 in boxes
    )


def covered_share(
    boxes: Sequence[Sequence[float]],
    tolerance: float,
    shape: Tuple[int, int],
) -> float:
    """Compute which share of the pixels of an image would be a hit.

    Args:
        boxes (Sequence): As in :func:`is_hit`.
        tolerance (float): As in :func:`is_hit`.
        shape (tuple): Height and width of the image, px.

    Returns:
        float: In [0, 1]; what a random point hits on average.
    """
    ys, xs = (np.arange(size) + 0.5 for size in shape)
    covered = np.zeros(shape, bool)
    for x1, y1, x2, y2 in boxes:
        rows = (ys >= y1 - tolerance) & (ys <= y2 + tolerance)
        columns = (xs >= x1 - tolerance) & (xs <= x2 + tolerance)
        covered |= rows[:, None] & columns
    return float(covered.mean())


def boxes_of(instances: List[dict], label: int) -> List[Sequence[float]]:
    """List the boxes of a class, x1, y1, x2, y2."""
    return [
        instance['bbox']
        for instance in instances
        if instance['bbox_label'] == label
    ]


def check_sample(sample: dict) -> None:
    """Refuse a sample that the game cannot be played with.

    Args:
        sample (dict): As ``PointingGame`` takes it.

    Raises:
        ValueError: If a part is missing or wrong.
    """
    image = sample.get('img_path', '?')
    if 'activation_maps' not in sample:
        raise ValueError(
            f'The image {image} has no `activation_maps`: add '
            "dict(type='mmwsml.ActivationMapHook') to `custom_hooks`, or use "
            'tools/analysis/pointing_game.py.'
        )
    if not sample['activation_maps'].isfinite().all():
        raise ValueError(
            f'A map of the image {image} is not finite: the training '
            'diverged; lower the learning rate.'
        )
    if 'instances' not in sample:
        raise ValueError(
            f'The image {image} has no boxes (`instances`): set '
            'with_boxes=True in its data set, if it has boxes, and end the '
            'pipeline with mmwsml.PackPartialLabels.'
        )
    num_classes = len(sample['pred_score'])
    for instance in sample['instances']:
        if not 0 <= instance['bbox_label'] < num_classes:
            raise ValueError(
                f'A box of the image {image} is of the class '
                f'{instance["bbox_label"]}, which must be in '
                f'[0, {num_classes}); correct the annotation.'
            )
    factors = sample.get('scale_factor', (1, 1))
    whole = [
        factor * size
        for factor, size in zip(factors[::-1], sample['ori_shape'])
    ]
    if np.abs(np.subtract(sample['img_shape'], whole)).max() > 1:
        raise ValueError(
            f'The network must see the whole image {image} for the pointing '
            f'game, but of {tuple(sample["ori_shape"])} px scaled by '
            f'{tuple(factors)} it saw {tuple(sample["img_shape"])}: resize '
            'without a crop.'
        )


def draw_map(
    image: np.ndarray,
    enlarged: Tensor,
    boxes: Sequence[Sequence[float]],
    point: Tuple[float, float],
    title: str,
) -> np.ndarray:
    """Draw a map over an image, with boxes and the point of the maximum.

    Args:
        image (ndarray): uint8 ``(H, W, 3)``, BGR.
        enlarged (Tensor): The map, float ``(H, W)``.
        boxes (Sequence): x1, y1, x2, y2, px.
        point (tuple[float, float]): x and y, px.
        title (str): Written above.

    Returns:
        ndarray: uint8 ``(H', W', 3)``, BGR; at least 320 px wide and high.
    """
    import cv2  # only for pictures

    scale = max(1, -(-320 // min(image.shape[:2])))
    size = image.shape[1] * scale, image.shape[0] * scale
    values = enlarged - enlarged.min()
    values = (255 * values / values.max().clamp(min=1e-12)).to(torch.uint8)
    heat = cv2.applyColorMap(values.cpu().numpy(), cv2.COLORMAP_JET)
    drawn = cv2.addWeighted(
        cv2.resize(image, size), 0.5, cv2.resize(heat, size), 0.5, 0
    )
    for box in boxes:
        x1, y1, x2, y2 = (round(scale * side) for side in box)
        cv2.rectangle(drawn, (x1, y1), (x2, y2), (255, 255, 255), 2)
    centre = tuple(round(scale * place) for place in point)
    cv2.drawMarker(drawn, centre, (0, 0, 0), cv2.MARKER_CROSS, 24, 5)
    cv2.drawMarker(drawn, centre, (255, 255, 255), cv2.MARKER_CROSS, 20, 2)
    bar = np.full((28, drawn.shape[1], 3), 255, np.uint8)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(bar, title, (4, 20), font, 0.55, (0, 0, 0), 1, cv2.LINE_AA)
    return np.vstack([bar, drawn])
