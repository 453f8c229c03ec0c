"""The generated parts of the pages."""

import re
from pathlib import Path
from typing import Callable, Dict

BLOCK = re.compile(
    r'(?P<begin><!-- (?P<kind>zoo|runs): (?P<name>\S+) -->\n)'
    r'(?:(?!<!-- (?:zoo|runs):).)*?(?P<end><!-- end of (?P=kind) -->)',
    re.DOTALL,
)
MARKER = re.compile('<!-- (?:(?:zoo|runs): .*|end of (?:zoo|runs)) -->')


def fill_page(path: Path, makers: Dict[str, Callable[[str], str]]) -> str:
    """Make the tables of a page anew.

    Args:
        path (Path): Markdown with tables between markers.
        makers (dict): ``zoo`` and ``runs`` -> what makes the table of a name.

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
            'before the next one, and each <!-- runs: NAME --> an <!-- end of '
            'runs -->, but one is missing; write it.'
        )

    def fill(block: re.Match) -> str:
        table = makers[block['kind']](block['name'])
        return f'{block["begin"]}{table}{block["end"]}'

    return BLOCK.sub(fill, text)
