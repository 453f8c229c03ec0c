"""A picture of an image with its labels, given and modified."""

from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np

INCHES, DPI = 3.2, 100
COLORS = {True: '#1d7a50', False: '#b83a1e', None: '#86620f'}
WORDS = {True: 'true', False: 'false', None: 'not known'}


class ImageLabels(NamedTuple):
    """What is known of the labels of an image, by name."""

    given: Sequence[str]
    #: Each with whether it is truly positive; None: nobody knows.
    modified: Sequence[Tuple[str, Optional[bool]]]
    #: True positives that are neither given nor modified.
    missed: Sequence[str] = ()


def draw_correction(image: np.ndarray, labels: ImageLabels) -> np.ndarray:
    """Draw an image above its labels.

    Args:
        image (ndarray): uint8 ``(H, W, 3)``, RGB.
        labels (ImageLabels): Given labels are black, modified ones green
            (truly positive), red (not) or brown (nobody knows).

    Returns:
        ndarray: uint8 ``(H', W', 3)``, RGB.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = _list_lines(labels)
    height = INCHES + 0.22 * len(lines) + 0.1
    figure = Figure((INCHES, height), dpi=DPI)
    panel = figure.add_axes((0, 1 - INCHES / height, 1, INCHES / height))
    panel.imshow(image)
    panel.set_axis_off()
    for place, (text, color) in enumerate(lines):
        figure.text(
            0.03,
            1 - (INCHES + 0.22 * place + 0.05) / height,
            text,
            color=color,
            size=9,
            va='top',
            parse_math=False,  # a `$` is a dollar
        )
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _list_lines(labels: ImageLabels) -> Sequence[Tuple[str, str]]:
    """List texts with their colours."""
    lines = [(f'given: {", ".join(labels.given) or "none"}', 'black')]
    lines += [
        (f'modified: {name} ({WORDS[right]})', COLORS[right])
        for name, right in labels.modified
    ]
    if labels.missed:
        lines.append((f'not modified: {", ".join(labels.missed)}', 'grey'))
    return [
        (text if len(text) < 48 else f'{text[:46]}…', c) for text, c in lines
    ]
