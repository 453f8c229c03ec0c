"""Runs tools in processes that start with the packages loaded.

Started by the fixture `start_tool`. A line of standard input says what to
run, a line of standard output how it ended, as `subprocess.run` counts.
"""

import gc
import json
import os
import runpy
import sys
from typing import TextIO


def load() -> None:
    """Import what the tools import; nothing may start a thread."""
    import mmengine.runner  # noqa: F401
    import numpy  # noqa: F401

    import mmwsml.datasets
    import mmwsml.engine
    import mmwsml.evaluation
    import mmwsml.models  # noqa: F401

    gc.collect()
    gc.freeze()  # a collection would copy each page of the parent


def serve(replies: TextIO) -> dict:
    """Fork for each command; the child returns it."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            replies.close()
            return json.loads(line)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=replies, flush=True)
    sys.exit()


def run(command: list, folder: str, environment: dict, output: str) -> None:
    """Become `python COMMAND` in a folder, writing to a file."""
    import numpy as np

    nothing = os.open(os.devnull, os.O_RDONLY)
    target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number, source in enumerate((nothing, target, target)):
        os.dup2(source, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    np.random.seed()  # or all children would draw the same seeds
    sys.argv[:] = command
    sys.path[0] = os.path.dirname(command[0])
    runpy.run_path(command[0], run_name='__main__')


if __name__ == '__main__':
    replies = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)  # some packages print when they are imported
    load()
    run(**serve(replies))
