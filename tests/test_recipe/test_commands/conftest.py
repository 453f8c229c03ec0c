"""Commands as a person types them."""

import sys

import pytest

from mmwsml.__main__ import script


@pytest.fixture
def mmwsml(monkeypatch, capsys):
    """Run the command; return status, stdout and stderr."""

    def run(*words):
        monkeypatch.setattr(sys, 'argv', ['mmwsml', *map(str, words)])
        capsys.readouterr()
        status = 0
        try:
            script()
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run
