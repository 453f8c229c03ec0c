import pytest

from mmwsml.__main__ import make_parser
from mmwsml.recipe import fit as module
from mmwsml.recipe.request import Request


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """Parse a command line, run it, and return what is asked of a fit."""
    asked = []
    monkeypatch.setattr(module, 'run_fit', asked.append)
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'images').mkdir()
    (tmp_path / 'images' / 'a.png').touch()
    (tmp_path / 'labels.csv').touch()

    def run(words):
        args = make_parser().parse_args(words.split())
        args.run(args)
        return asked.pop()

    return run


def test_the_command_line_becomes_a_request(ask):
    words = 'fit labels.csv images --out out --rest unknown --size 64 '
    request = ask(f'{words} --budget 5 --group none')
    expected = Request('labels.csv', 'images', 'out', budget=5.0, size=64)
    assert request.read.rest == 'unknown'
    assert request.is_ungrouped and request.groups is None
    assert request == type(request)(**{**vars(expected), 'read': request.read})


@pytest.mark.parametrize(
    'words, message',
    [
        ('fit labels.csv photos --out out', 'no folder photos of images'),
        ('fit tags.csv images --out out', 'LABELS: there is no .* tags.csv'),
        ('fit labels.csv images --out o --val 0.2', '--val: .* 0.2 of labels'),
    ],
)
def test_paths_that_lead_nowhere_are_refused_at_once(ask, words, message):
    with pytest.raises(FileNotFoundError, match=message):
        ask(words)
