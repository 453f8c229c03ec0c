"""Tools read their command line before they import what is slow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = 'torch numpy mmengine mmcv mmpretrain cv2 sklearn pandas matplotlib'
#: Runs each tool in one process, and says after each what it has imported.
PROGRAM = """
import contextlib, io, json, runpy, sys
slow, option, *paths = sys.argv[1:]
for path in paths:
    sys.argv = [path, option]
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        try:
            if path.endswith('.py'):
                runpy.run_path(path, run_name='__main__')
            else:
                runpy.run_module(path, run_name='__main__')
            status = 'no end'
        except SystemExit as end:
            status = end.code
    imported = [name for name in slow.split() if name in sys.modules]
    print(json.dumps([path, status, 'usage: ' in text.getvalue(), imported]))
"""


def list_tools():
    """Name the tools, and the command where it is there."""
    # checks/ is for developers, and imports what it checks.
    paths = sorted((ROOT / 'tools').rglob('*.py'))
    tools = [path for path in paths if 'checks' not in path.parts]
    commands = ['mmwsml'] if (ROOT / 'mmwsml/__main__.py').exists() else []
    return [*map(str, tools), *commands]


@pytest.mark.dist
@pytest.mark.parametrize(
    'option, status', [('--help', 0), ('--no-such-option', 2)]
)
def test_a_tool_answers_before_it_imports_what_is_slow(option, status):
    tools = list_tools()
    command = [sys.executable, '-c', PROGRAM, SLOW, option, *tools]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert answers == [[tool, status, True, []] for tool in tools]
