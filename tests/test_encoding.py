"""Text files are UTF-8, whatever the locale of the machine."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for folder in ('mmwsml', 'tools')
    for path in sorted((ROOT / folder).rglob('*.py'))
    if not {'.mim', 'checks'} & {*path.parts}  # nor what developers run
]
#: Which argument of a call is its encoding, from 0.
PLACES = {'read_text': 0, 'write_text': 1}


def find_guesses(source):
    """Yield the line of each call that leaves the encoding to the locale."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and takes_encoding(node):
            named = {keyword.arg for keyword in node.keywords}
            if 'encoding' not in named:
                yield node.lineno


def takes_encoding(call):
    """Whether a call opens a text file, by its own name and its mode."""
    name = getattr(call.func, 'attr', getattr(call.func, 'id', None))
    if name in PLACES:
        return len(call.args) <= PLACES[name]
    if name not in ('open', 'fdopen', 'NamedTemporaryFile'):
        return False
    # path.open(mode), or open(path, mode); Image.open(path) is neither.
    is_method = isinstance(call.func, ast.Attribute) and name == 'open'
    modes = call.args[0 if is_method else 1 :]
    modes += [x.value for x in call.keywords if x.arg == 'mode']
    if not modes:
        return not (is_method and call.args)
    mode = getattr(modes[0], 'value', None)
    return isinstance(mode, str) and 'b' not in mode


@pytest.mark.parametrize('path', FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_text_file_names_its_encoding(path):
    assert not [*find_guesses(path.read_text(encoding='utf-8'))]


@pytest.mark.parametrize(
    'source, num_guesses',
    [
        ('open(p)', 1),
        ('open(p, "w")', 1),
        ('open(p, "wb")', 0),
        ('open(p, mode="r", encoding="utf-8")', 0),
        ('p.open()', 1),
        ('p.open("a")', 1),
        ('p.open("rb")', 0),
        ('Image.open(p)', 0),
        ('p.read_text()', 1),
        ('p.read_text("utf-8") + q.write_text(t)', 1),
    ],
)
def test_a_guess_is_found(source, num_guesses):
    assert len([*find_guesses(source)]) == num_guesses
