"""What a run wrote down is data: nothing of it runs."""

import pytest
from mmengine.config import Config

from mmwsml.analysis.run_config import find_config, read_config, read_dump

CONFIG = dict(
    model=dict(loss=dict(type='A', sizes=(1, 2), scale=-1e-3)),
    custom_hooks=[dict(type='H'), dict(type='I', flags={'a-b': dict(c=1)})],
    clip=float('inf'),
    least=float('-inf'),
    empty=dict(),
    none=None,
)


def test_what_the_runner_writes_is_what_it_was(tmp_path):
    path = tmp_path / 'config.py'
    Config(CONFIG).dump(path)
    assert read_config(find_config(tmp_path)).to_dict() == CONFIG
    text = path.read_text(encoding='utf-8')
    assert read_config(path).pretty_text == Config(CONFIG).pretty_text == text
    assert read_config(path).filename == str(path)


@pytest.mark.parametrize(
    'text',
    [
        'import os',
        'a = open("made", "w")',
        'a = [dict(b=__import__("os"))]',
        'a = dict(**b)',
        'a = dict(**{"b": 1})',
        'a = {**b}',
        'a = -[1]',
        'a = {[]: 1}',
        'a = f"{b}"',
        'a = b = 1',
        'a.b = 1',
        'a += 1',
        'del a',
        'a =',
        'filename = 1',
        f'a = {"[" * 999}',
        'a = "\0"\n\0',
    ],
)
def test_what_is_no_value_is_refused(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'config.py').write_text(text)
    with pytest.raises(ValueError, match='is not what a run writes to its wo'):
        read_config(find_config(tmp_path))
    assert not (tmp_path / 'made').exists()


def test_the_line_is_named():
    with pytest.raises(ValueError, match=r'line 2 holds Name.*, not a value'):
        read_dump('a = 1\nb = dict(c=[d])')
