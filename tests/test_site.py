"""The site has a page for each room of the package, and steady lists."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob('*.md'), *(ROOT / 'docs').glob('*.md')]


def test_the_reference_has_every_room():
    nav = yaml.safe_load((ROOT / 'mkdocs.yml').read_text())['nav']
    named = set(re.findall(r"'reference/(\S+)\.md'", str(nav)))
    rooms = {
        path.parent.relative_to(ROOT).as_posix()
        for path in ROOT.glob('mmwsml/*/__init__.py')
    }
    assert rooms <= named


@pytest.mark.parametrize('page', PAGES, ids=lambda path: path.name)
def test_what_belongs_to_an_item_is_indented_by_four(page):
    # GitHub takes less, the site would end the list there.
    assert not re.search(r'\n\n {1,3}\S', page.read_text())
