"""CITATION.cff is of this version, its changes and its paper."""

import re
from pathlib import Path

import yaml

from mmwsml import __version__

ROOT = Path(__file__).parents[1]
CITATION = yaml.safe_load((ROOT / 'CITATION.cff').read_text())


def test_the_form_is_whole():
    assert CITATION['cff-version'] == '1.2.0'
    assert {'message', 'title', 'authors', 'license'} <= CITATION.keys()
    assert CITATION['authors'] == [{'name': 'The MMWSML authors'}]


def test_version_and_day_are_those_of_the_newest_changes():
    changes = (ROOT / 'CHANGELOG.md').read_text()
    newest = re.search(r'^## \[(\d\S*)\] - (\S+)$', changes, re.MULTILINE)
    assert newest[1] == CITATION['version'] == __version__
    assert newest[2] == CITATION['date-released'].isoformat()


def test_the_paper_is_the_one_of_the_readme():
    readme = (ROOT / 'README.md').read_text()
    bibtex = dict(re.findall(r'^  (\w+)=\{(.*)\}', readme, re.MULTILINE))
    (paper,) = CITATION['references']
    names = ['{family-names}, {given-names}'] * len(paper['authors'])
    names = [n.format(**a) for n, a in zip(names, paper['authors'])]
    assert ' and '.join(names) == bibtex['author']
    assert paper['title'] == bibtex['title']
    assert str(paper['year']) == bibtex['year']
    assert paper['url'] in readme
