"""What README and pages link to or name is there; the index is whole."""

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))]
FENCE = re.compile(r'^```.*?^```', re.DOTALL | re.MULTILINE)


def prose(path):
    """Read a page without its code."""
    return FENCE.sub('', path.read_text())


def anchors(path):
    """List the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r'^#+ (.+)$', prose(path), re.MULTILINE)
    texts = [re.sub(r'[^\w\- ]', '', heading.lower()) for heading in headings]
    return {text.replace(' ', '-') for text in texts}


def links(path):
    """List the links within the repository, as file and anchor."""
    targets = re.findall(r'\]\(([^)\s]+)\)', prose(path))
    for target in targets:
        if '://' not in target:
            file, _, anchor = target.partition('#')
            yield (path.parent / file if file else path).resolve(), anchor


@pytest.mark.parametrize('page', PAGES, ids=lambda path: path.name)
def test_a_link_leads_somewhere(page):
    for file, anchor in links(page):
        assert file.exists(), f'{page.name} links to {file}'
        if anchor:
            assert anchor in anchors(file), f'{page.name} links to #{anchor}'


def test_the_index_lists_every_page():
    index = ROOT / 'docs' / 'README.md'
    listed = {file for file, _ in links(index)}
    pages = {page.resolve() for page in PAGES}
    assert pages - listed == {index.resolve()}


@pytest.mark.parametrize('page', PAGES, ids=lambda path: path.name)
def test_the_tools_and_configs_that_are_named_exist(page):
    text = page.read_text()
    for path in set(re.findall(r'\b(?:configs|tools)/[\w./*-]*[\w*]', text)):
        assert any(ROOT.glob(path)), f'{page.name} names {path}'


def imported(path):
    """List the modules of ours and their names that a page's code imports."""
    for code in re.findall(
        r'^```python\n(.*?)^```', path.read_text(), re.DOTALL | re.MULTILINE
    ):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom):
                if f'{node.module}.'.startswith('mmwsml.'):
                    for alias in node.names:
                        yield node.module, alias.name


@pytest.mark.parametrize('page', PAGES, ids=lambda path: path.name)
def test_what_is_imported_is_there(page):
    for module, name in imported(page):
        found = importlib.import_module(module)
        assert hasattr(found, name), f'{page.name} takes {name} from {module}'


@pytest.mark.parametrize(
    'heading, anchor',
    [
        ('## Which delta_rel', 'which-delta_rel'),
        ('# What it gains, and what not', 'what-it-gains-and-what-not'),
        ('### `a-b` & c', 'a-b--c'),
    ],
)
def test_anchors_are_those_of_github(tmp_path, heading, anchor):
    path = tmp_path / 'page.md'
    path.write_text(f'{heading}\n```\n# no heading\n```\n')
    assert anchors(path) == {anchor}
