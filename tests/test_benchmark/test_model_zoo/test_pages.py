"""The blocks of a page are found, or their fault is."""

from pathlib import Path

import pytest

from mmwsml.benchmark.config_names import read_name
from mmwsml.benchmark.model_zoo.pages import BLOCK, fill_page

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    'text',
    [
        '<!-- zoo: cub -->\n',
        '<!-- end of zoo -->\n',
        '<!-- zoo: a -->\n<!-- zoo: b -->\n<!-- end of zoo -->\n',
        '<!-- zoo: a -->\n<!-- end of runs -->\n',
        '<!-- runs: a -->\n',
    ],
)
def test_a_marker_without_its_half_is_refused(tmp_path, text):
    path = tmp_path / 'page.md'
    path.write_text(text)
    with pytest.raises(ValueError, match=r'page\.md: each <!-- zoo: NAME'):
        fill_page(path, {})


def test_each_data_set_with_configs_has_its_table():
    text = (ROOT / 'docs' / 'model-zoo.md').read_text()
    paths = (ROOT / 'configs').glob('[!_]*/*.py')
    datasets = {read_name(path.stem).dataset for path in paths}
    shown = {block['name'] for block in BLOCK.finditer(text)}
    assert shown == datasets - {'images'}  # your own: nothing to report


def test_each_block_is_filled_by_its_own_kind(tmp_path):
    path = tmp_path / 'page.md'
    text = '<!-- {0}: x/y -->\n{1}<!-- end of {0} -->\n'
    path.write_text(text.format('zoo', '1\n') + text.format('runs', ''))
    page = fill_page(path, {'zoo': str.upper, 'runs': lambda name: 'r\n'})
    assert page == text.format('zoo', 'X/Y') + text.format('runs', 'r\n')
