"""Drawing timelines beside their images."""

from typing import List, Mapping, NamedTuple, Optional

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.analysis.sheet_drawing import list_fonts, read_tile

from .style import (
    BAD,
    FIRST,
    GOOD,
    INK,
    UNKNOWN,
    clip_name,
    name_lines,
    new_figure,
)
from .timelines import Timeline, Timelines

IMAGE_WIDTH = 2.0  # inches
LINE = 0.2  # height of a class
MOST_LINES = 14
RIGHT = {True: GOOD, False: BAD, None: UNKNOWN}
WORDS = {True: 'true', False: 'false', None: 'not known'}


class _Line(NamedTuple):
    """A class of an image: its name, and when it is marked."""

    text: str
    color: str
    #: Filled epochs, bool ``(E,)``.
    marked: np.ndarray


def plot_timelines(
    timelines: Timelines, paths: Mapping[str, Optional[str]]
) -> Figure:
    """Draw each image with its classes by epoch.

    A blue line is a given label. A cell of another line is a modification:
    green of a label that is truly positive, red of one that is not, brown
    where nobody knows. A green name without cells was never modified.

    Args:
        timelines (Timelines): At least one image; cut ``images`` to draw
            some of them.
        paths (Mapping[str, str | None]): File of each image by
            ``sample_id``. Without one, or where it cannot be read, the tile
            says so.

    Returns:
        Figure: Images below one another.
    """
    lines = [_list_lines(timelines, image) for image in timelines.images]
    heights = [max(1.7, LINE * len(part) + 0.75) for part in lines]
    width = IMAGE_WIDTH + 2.2 + max(2.6, 0.24 * len(timelines.epochs))
    figure, axes = new_figure(
        len(lines),
        2,
        (width, sum(heights)),
        gridspec_kw=dict(
            height_ratios=heights,
            width_ratios=(IMAGE_WIDTH, width - IMAGE_WIDTH),
        ),
    )
    for (left, right), image, part in zip(axes, timelines.images, lines):
        _draw_image(left, image, paths.get(image.sample_id))
        _draw_lines(right, timelines.epochs, part)
    axes[-1, 1].set_xlabel('epoch')
    return figure


def _list_lines(timelines: Timelines, image: Timeline) -> List[_Line]:
    """List given classes, then modified ones, then those never modified."""
    every = np.ones(len(timelines.epochs), bool)

    def line(label: int, word: str, color: str, marked: np.ndarray) -> _Line:
        name = clip_name(timelines.classes[label], 20)
        return _Line(f'{name} ({word})', color, marked)

    lines = [line(k, 'given', FIRST, every) for k in image.given]
    for label, marked in zip(image.classes, image.modified.T):
        if timelines.stays:
            marked = np.logical_or.accumulate(marked)
        right = image.is_right(label)
        lines.append(line(label, WORDS[right], RIGHT[right], marked))
    lines += [line(k, 'missed', GOOD, ~every) for k in image.missed]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES + 1
        lines = lines[: MOST_LINES - 1]
        lines.append(_Line(f'{rest} more classes', INK, ~every))
    return lines


def _draw_image(panel: Axes, image: Timeline, path: Optional[str]) -> None:
    tile = None if path is None else read_tile(path)
    panel.set(xticks=[], yticks=[])
    panel.grid(False)
    panel.spines[:].set_visible(False)
    if tile is None:
        panel.set(xlim=(0, 1), ylim=(0, 1), aspect='equal')
        panel.text(0.5, 0.5, 'cannot be read', ha='center', color=BAD)
    else:
        panel.imshow(tile)
    panel.set_title(
        clip_name(image.sample_id, 34),
        fontsize=7,
        color=INK,
        parse_math=False,
        family=list_fonts(),
    )


def _draw_lines(panel: Axes, epochs: np.ndarray, lines: List[_Line]) -> None:
    for y, line in enumerate(lines):
        panel.barh(
            np.full(line.marked.sum(), y),
            0.9,
            0.7,
            epochs[line.marked] - 0.45,
            color=line.color,
        )
    panel.set_xlim(epochs[0] - 0.6, epochs[-1] + 0.6)
    name_lines(panel, [line.text for line in lines])
    for text, line in zip(panel.get_yticklabels(), lines):
        text.set_color(line.color)
    panel.set_xticks(epochs[:: 1 + len(epochs) // 16])
    panel.tick_params(axis='y', length=0)
    panel.spines['left'].set_visible(False)
