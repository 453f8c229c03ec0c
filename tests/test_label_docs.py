"""What the pages on labels show is what the code does."""

import re
from fractions import Fraction
from pathlib import Path

from mmwsml.datasets import transforms
from mmwsml.label_files.generators import GENERATORS
from mmwsml.label_files.label_report import advise_delta_rel, count_labels
from mmwsml.label_files.observed_labels_file import load_observed_labels

ROOT = Path(__file__).parents[1]
PAGES = ('observed-labels.md', 'own-labels.md', 'delta-rel.md')


def read(page):
    return (ROOT / 'docs' / page).read_text()


def block(page, start):
    """Return the code block of a page that begins so."""
    blocks = [
        code.partition('\n')[2] for code in read(page).split('```')[1::2]
    ]
    (code,) = [code for code in blocks if code.startswith(start)]
    return code


def test_the_file_that_is_shown_loads(tmp_path):
    path = tmp_path / 'observed.jsonl'
    path.write_text(block(PAGES[0], '{"format"'))
    labels = load_observed_labels(str(path))
    assert labels.of('pets/1.jpg') == ([0], [2]) and len(labels) == 2


def test_the_code_that_reads_and_writes_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(block(PAGES[0], 'from mmwsml'), {})
    assert (tmp_path / 'observed.jsonl').exists()


def test_every_transform_that_hides_labels_is_listed():
    names = {name for name in transforms.__all__ if name.startswith('Keep')}
    listed = set(re.findall(r'`(Keep\w+)\(', read(PAGES[0])))
    assert listed == names
    for name in GENERATORS:
        assert f'| `{name}`' in read(PAGES[0])


def test_the_table_of_delta_rel_is_what_is_printed():
    counts = count_labels(range(10), [([0], [])] * 4000)
    table = advise_delta_rel(counts, 16, Fraction('2.27'))
    assert block(PAGES[2], 'Hidden positives') == f'{table}\n'
