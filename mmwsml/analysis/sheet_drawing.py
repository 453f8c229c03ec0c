"""Drawing rows of images with titles."""

import textwrap
import unicodedata
import warnings
from pathlib import Path
from typing import Any, List, NamedTuple, Optional, Sequence

import cv2
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from mmengine.logging import MMLogger

from mmwsml.datasets.image_file import read_image
from mmwsml.structures.whole_file import whole_file

#: Sizes in px.
TILE, GAP, LINE = 200, 14, 24
CAPTION, TITLE = 38, 34  # below a tile, above a row
DPI = 100
MIN_WIDTH = 700  # for the titles
#: Fonts of scripts that matplotlib's own lacks, taken where installed.
FONTS = ('Noto Sans CJK SC', 'WenQuanYi Zen Hei', 'Microsoft YaHei')


class Tile(NamedTuple):
    """An image and its score."""

    path: str
    score: float


class Row(NamedTuple):
    """Images under one title."""

    title: str
    tiles: List[Tile]


def draw_sheet(
    path: Path, name: str, summary: str, rows: Sequence[Row], num: int
) -> List[str]:
    """Draw rows of images on a sheet.

    Args:
        path (Path): The picture.
        name (str): Of the class; a long one is broken and cut.
        summary (str): A line below it.
        rows (Sequence[Row]): Each with ``num`` images at most.
        num (int): Images that a row has room for.

    Returns:
        list[str]: Images that could not be read; their tiles say so.
    """
    width = max(num * (TILE + GAP) + GAP, MIN_WIDTH)
    step = TITLE + TILE + CAPTION
    lines = textwrap.wrap(
        ' '.join(name.split()), width // 13, max_lines=2, placeholder=' …'
    )
    head = GAP + (len(lines) + 1) * LINE
    height = head + len(rows) * step + GAP
    sheet = _Sheet(width, height)
    sheet.write('\n'.join(lines), GAP, GAP, size=14, weight='bold')
    sheet.write(summary, GAP, head - LINE, size=10)
    unread = []
    for y, row in zip(range(head, height, step), rows):
        sheet.write(row.title, GAP, y + 10, size=11, weight='bold')
        if not row.tiles:
            sheet.write('none', GAP, y + TITLE + 4, size=10, color='#666666')
        for n, tile in enumerate(row.tiles):
            x = GAP + n * (TILE + GAP)
            image = read_tile(tile.path)
            if image is None:
                unread.append(tile.path)
            sheet.place(image, x, y + TITLE)
            file_name = shorten(Path(tile.path).name, 29)
            caption = f'{format_score(tile.score)}\n{file_name}'
            sheet.write(caption, x, y + TITLE + TILE + 4, size=8.5)
    sheet.save(path)
    return unread


def read_tile(path: str) -> Optional[np.ndarray]:
    """Read an image as the network does and fit it into a tile.

    Returns:
        ndarray | None: RGB, uint8 ``(TILE, TILE, 3)``; None if the file is
        missing or no picture.
    """
    try:
        image = read_image(path, channel_order='rgb')
    except OSError:
        return None
    height, width = image.shape[:2]
    scale = TILE / max(height, width)
    size = [max(1, round(scale * side)) for side in (width, height)]
    # Small pictures show their pixels, large ones no moiré.
    method = cv2.INTER_NEAREST if scale > 1 else cv2.INTER_AREA
    image = cv2.resize(image, size, interpolation=method)
    tile = np.full((TILE, TILE, 3), 238, np.uint8)
    y, x = (TILE - image.shape[0]) // 2, (TILE - image.shape[1]) // 2
    tile[y : y + image.shape[0], x : x + image.shape[1]] = image
    return tile


def format_score(score: float) -> str:
    """Print a score so that extreme ones do not all read 0 or 1."""
    digits = 3 if 0.001 <= score <= 0.999 else 6
    return f'score {score:.{digits}f}'


def shorten(text: str, width: int) -> str:
    """Cut the middle of a text out; letters of East Asia count double."""

    def length(part: str) -> int:
        wide = sum(unicodedata.east_asian_width(c) in 'WF' for c in part)
        return len(part) + wide

    if length(text) <= width:
        return text
    head, tail = text[: len(text) // 2], text[len(text) // 2 :]
    while length(head) + 1 + length(tail) > width:
        if length(head) > length(tail):
            head = head[:-1]
        else:
            tail = tail[1:]
    return f'{head}…{tail}'


def list_fonts() -> List[str]:
    """List matplotlib's own font, then those of ``FONTS`` that are here."""
    installed = set(fontManager.get_font_names())
    return ['DejaVu Sans', *(name for name in FONTS if name in installed)]


class _Sheet:
    """A figure addressed in px from its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        # Without pyplot, whose figures belong to the whole process.
        self._figure = Figure((width / DPI, height / DPI), dpi=DPI)
        self._fonts = list_fonts()

    def write(self, text: str, x: float, y: float, **style: Any) -> None:
        self._figure.text(
            x / self._width,
            1 - y / self._height,
            text,
            va='top',
            family=self._fonts,
            parse_math=False,  # a `$` is a dollar
            **style,
        )

    def place(self, image: Optional[np.ndarray], x: int, y: int) -> None:
        if image is None:
            image = np.full((TILE, TILE, 3), 238, np.uint8)
            self.write('cannot be read', x + 8, y + TILE // 2, color='#a00000')
        bottom = self._height - y - TILE
        self._figure.figimage(image, x, bottom, origin='upper')

    def save(self, path: Path) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')  # one for each letter
            with whole_file(path, 'wb') as file:
                self._figure.savefig(
                    file,
                    format=path.suffix[1:],
                    dpi=DPI,
                    pil_kwargs=dict(quality=90),
                )
        if any('missing from font' in str(x.message) for x in caught):
            MMLogger.get_current_instance().warning(
                f'{path}: some letters are boxes, since no font here has '
                f'them; install one of {FONTS}.'
            )
