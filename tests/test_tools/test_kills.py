"""The process dies while it writes: tools/checks/kills.py, some of its kills.

All of them take tens of minutes: call the tool without ``--number``.
"""

import pytest


@pytest.mark.slow
@pytest.mark.dist
def test_killed_while_it_writes_a_run_ends_as_one_that_was_not(start_tool):
    status, output = start_tool('checks/kills.py', '--number', 12)
    assert status == 0, output
    assert output.count('killed at 12 of') == 3
    assert output.count(' 0 left half a file') == 4
