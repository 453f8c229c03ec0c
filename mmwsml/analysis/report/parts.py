"""What the sections are made of: notes, figures, tables of a few lines."""

import io
import math
import warnings
from typing import Optional

import matplotlib
from matplotlib.figure import Figure

from mmwsml.analysis.insights import Table

from .markup import Markup, data_uri, element, join

WIDE = 6.5  # inches from which a figure is not squeezed into a narrow window
NO_VALUE = '\u2013'


def note(text: str) -> Markup:
    """Write a sentence that stands out; what is in backticks is code."""
    parts = text.split('`')
    if len(parts) % 2 == 0:  # one of them is no pair's
        parts = [text]
    pieces = [
        element('code', part) if place % 2 else part
        for place, part in enumerate(parts)
    ]
    return element('p', *pieces, class_='note')


def figure_part(figure: Figure, name: str, caption: str) -> Markup:
    """Embed a figure as SVG, of which the browser runs nothing.

    Args:
        figure (Figure): Its background is transparent.
        name (str): What it shows, for who cannot see it.
        caption (str): What there is to see.
    """
    image = element(
        'img',
        src=data_uri(_draw_svg(figure), 'image/svg+xml'),
        alt=f'{name}. {caption}',
        class_='wide' if figure.get_figwidth() > WIDE else 'plot',
        loading='lazy',
        decoding='async',
    )
    box = scroll_box(image, name)
    return element('figure', box, element('figcaption', caption))


def scroll_box(content: Markup, name: str) -> Markup:
    """Let something wide scroll in its own box, by keyboard too."""
    return element(
        'div',
        content,
        class_='scroll',
        tabindex=0,
        role='region',
        aria_label=name,
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
    numeric = [
        any(isinstance(row[column], (int, float)) for row in table.rows)
        for column in range(len(table.head))
    ]
    head = [
        element('th', text, scope='col', class_=number and 'number')
        for text, number in zip(table.head, numeric)
    ]
    rows = [element('tr', *map(_cell, row, numeric)) for row in table.rows]
    whole = element(
        'table',
        element('caption', name),
        element('thead', element('tr', *head)),
        element('tbody', *rows),
    )
    parts = [scroll_box(whole, name)]
    if file_name is not None:
        parts.append(_save_link(table, name, file_name))
    return join(parts)


def folded(title: str, *content: Markup, is_open: bool = False) -> Markup:
    """Fold content away behind its title."""
    summary = element('summary', title)
    return element('details', summary, *content, open=is_open)


def _cell(value: object, number: bool) -> Markup:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        value = NO_VALUE
    elif isinstance(value, float):
        value = f'{value:.4g}' if abs(value) < 1000 else f'{value:,.0f}'
    elif isinstance(value, int):
        value = f'{value:,}'
    return element('td', value, class_=number and 'number')


def _save_link(table: Table, name: str, file_name: str) -> Markup:
    content = table.to_csv().encode()
    link = element(
        'a',
        'Save as CSV',
        href=data_uri(content, 'text/csv;charset=utf-8'),
        download=file_name,
        aria_label=f'Save as CSV: {name}',
    )
    return element('p', link, class_='save')


def _draw_svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    # The same figure makes the same bytes, at any time.
    with matplotlib.rc_context({'svg.hashsalt': 'mmwsml'}):
        with warnings.catch_warnings():
            # A letter that no font here has is a box.
            warnings.filterwarnings('ignore', 'Glyph .* missing')
            figure.savefig(out, format='svg', metadata=dict(Date=None))
    return out.getvalue()
