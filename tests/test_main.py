import sys

import pytest

from mmwsml.__main__ import main, script
from mmwsml.recipe.commands import COMMANDS


def start(monkeypatch, *words):
    monkeypatch.setattr(sys, 'argv', ['mmwsml', *words])
    with pytest.raises(SystemExit) as end:
        script()
    return end.value.code


def test_the_commands_are_listed(monkeypatch, capsys):
    assert start(monkeypatch, '--help') == 0
    text = capsys.readouterr().out
    for command in COMMANDS:
        assert f'    {command.name}' in text


@pytest.mark.parametrize('command', COMMANDS, ids=lambda x: x.name)
def test_a_command_says_what_it_takes(command, monkeypatch, capsys):
    assert start(monkeypatch, command.name, '--help') == 0
    text = capsys.readouterr().out
    assert text.startswith(f'usage: mmwsml {command.name}')
    assert '--debug' in text


def test_a_refusal_ends_in_one_line(monkeypatch, capsys, tmp_path):
    words = ['fit', 'none.csv', str(tmp_path / 'x'), '--out', 'out']
    assert start(monkeypatch, *words) == 1
    error = capsys.readouterr().err
    assert error.startswith('error: There is no folder')
    assert error.count('\n') == 1


def test_without_a_command_it_says_so(monkeypatch):
    monkeypatch.setattr(sys, 'argv', ['mmwsml'])
    with pytest.raises(SystemExit):
        main()
