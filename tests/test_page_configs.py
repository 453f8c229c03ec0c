"""Configs that pages show build; tables they show are right."""

import re
from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.registry import DefaultScope

from mmwsml.benchmark.model_zoo.rows import TITLES
from mmwsml.registry import HOOKS, MODELS

ROOT = Path(__file__).parents[1]
FILE = re.compile(r'<!-- file: (\S+) -->\n```python\n(.*?)```', re.DOTALL)
PAGES = {
    name: FILE.findall((ROOT / 'docs' / f'{name}.md').read_text())
    for name in ('getting-started', 'delta-rel')
}


@pytest.mark.parametrize('page', PAGES)
def test_a_config_of_the_page_builds(page, tmp_path):
    (tmp_path / 'configs').symlink_to(ROOT / 'configs')
    assert PAGES[page]
    for name, code in PAGES[page]:
        (tmp_path / name).write_text(code)
        config = Config.fromfile(tmp_path / name)
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            MODELS.build({**config.model.head, 'in_channels': 8})
            for hook in config.custom_hooks:
                HOOKS.build(hook)


def test_the_table_of_the_papers_delta_rel_adds_up():
    text = (ROOT / 'docs' / 'delta-rel.md').read_text()
    table = [line.strip('| ').split(' | ') for line in text.splitlines()]
    rows = [row for row in table if row[0] in TITLES.values()]
    assert len(rows) == 4
    for name, num_classes, kappa, hidden, delta_rel, reached in rows:
        known = 0.78 if name == 'NUS-WIDE' else 1
        share = 100 * (float(kappa) - known) / int(num_classes)
        assert f'{share:.1f}' == hidden
        assert f'{9 * float(delta_rel.split(" / ")[0]):.1f}' == reached
