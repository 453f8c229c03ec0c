"""The generated parts of the pages."""

import re
from pathlib import Path
from typing import Sequence

from .tables import make_table

BLOCK = re.compile(
    r'(?P<begin><!-- zoo: (?P<name>\S+) -->\n)'
    r'(?:(?!<!-- zoo:).)*?(?P<end><!-- end of zoo -->)',
    re.DOTALL,
)
MARKER = re.compile('<!-- (?:zoo: .*|end of zoo) -->')


def fill_page(path: Path, models: Sequence[dict]) -> str:
    """Make the tables of a page anew.

    Args:
        path (Path): Markdown with tables between markers.
        models (Sequence[dict]): All models of the metafiles.

    Returns:
        str: Its text, with the tables that belong there.

    Raises:
        ValueError: If a marker lacks its other half, or no table is of its
            name.
    """
    text = path.read_text(encoding='utf-8')
    if len(MARKER.findall(text)) != 2 * len(BLOCK.findall(text)):
        raise ValueError(
            f'{path}: each <!-- zoo: NAME --> needs an <!-- end of zoo --> '
            'before the next one, but one is missing; write it.'
        )

    def fill(block: re.Match) -> str:
        table = make_table(block['name'], models)
        return f'{block["begin"]}{table}{block["end"]}'

    return BLOCK.sub(fill, text)
