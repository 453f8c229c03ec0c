"""tools/model_zoo.py."""

import pytest


def test_the_check_of_this_repository_succeeds(run_tool, capsys):
    with pytest.raises(SystemExit) as end:
        run_tool('model_zoo', '--check')
    assert end.value.code == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    'arguments, rule',
    [
        (['--results', 'x.csv'], 'go together'),
        (
            '--check --results x --resources y --code-version z'.split(),
            '--check writes nothing',
        ),
    ],
)
def test_a_mistake_ends_in_one_sentence(run_tool, capsys, arguments, rule):
    with pytest.raises(SystemExit) as end:
        run_tool('model_zoo', *arguments)
    assert end.value.code == 2 and rule in capsys.readouterr().err


def test_a_missing_file_is_named(run_tool):
    arguments = '--results x.csv --resources y --code-version z'.split()
    with pytest.raises(ValueError, match=r'^x\.csv must be a runs\.csv'):
        run_tool('model_zoo', *arguments)
