"""What the sections are made of: notes, figures, tables of a few lines."""

import io
import math
import warnings
from typing import Optional

import matplotlib
from matplotlib.figure import Figure

from mmwsml.analysis.insights import Table

from .markup import Markup, data_uri, render

WIDE = 6.5  # inches from which a figure is not squeezed into a narrow window
NO_VALUE = '\u2013'


def note(text: str) -> Markup:
    """Write a sentence that stands out; what is in backticks is code."""
    pieces = text.split('`')
    if len(pieces) % 2 == 0:  # one of them is no pair's
        pieces = [text]
    return render('note', pieces=pieces)


def figure_part(figure: Figure, name: str, caption: str) -> Markup:
    """Embed a figure as SVG, of which the browser runs nothing.

    Args:
        figure (Figure): Its background is transparent.
        name (str): What it shows, for who cannot see it.
        caption (str): What there is to see.
    """
    return render(
        'figure',
        source=data_uri(_draw_svg(figure), 'image/svg+xml'),
        wide=figure.get_figwidth() > WIDE,
        name=name,
        caption=caption,
    )


def small_table(
    table: Table, name: str, file_name: Optional[str] = None
) -> Markup:
    """Write a table of few lines.

    Args:
        table (Table): Numbers stand on the right.
        name (str): Its caption.
        file_name (str, optional): Of a link that saves it as CSV. Defaults
            to None, no link.
    """
    return render(
        'small_table',
        name=name,
        head=table.head,
        numeric=[
            any(isinstance(row[column], (int, float)) for row in table.rows)
            for column in range(len(table.head))
        ],
        rows=[map(_write_cell, row) for row in table.rows],
        file_name=file_name,
        uri=data_uri(table.to_csv().encode(), 'text/csv;charset=utf-8'),
    )


def folded(title: str, content: Markup) -> Markup:
    """Fold content away behind its title."""
    return render('folded', title=title, content=content)


def _write_cell(value: object) -> object:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NO_VALUE
    if isinstance(value, float):
        return f'{value:.4g}' if abs(value) < 1000 else f'{value:,.0f}'
    return f'{value:,}' if isinstance(value, int) else value


def _draw_svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    # The same figure makes the same bytes, at any time.
    with matplotlib.rc_context({'svg.hashsalt': 'mmwsml'}):
        with warnings.catch_warnings():
            # A letter that no font here has is a box.
            warnings.filterwarnings('ignore', 'Glyph .* missing')
            figure.savefig(out, format='svg', metadata=dict(Date=None))
    return out.getvalue()
