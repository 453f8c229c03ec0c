"""Running an action in a forked process, to its end or to its death."""

import gc
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Callable, List, Optional

from mmengine.config import config
from mmengine.hooks import runtime_info_hook
from mmengine.runner import runner
from yapf.yapflib import yapf_api

from .operations import Operations


def run(
    action: Callable[[], None],
    folder: Path,
    log: Path,
    last: Optional[int] = None,
) -> Optional[List[str]]:
    """Run an action in a process that has loaded what this one has.

    Args:
        action (Callable): What to do.
        folder (Path): Whose writing operations count.
        log (Path): Takes what the process prints; it is written anew.
        last (int, optional): The operation at which the process dies.
            Defaults to None: it lives.

    Returns:
        list[str] | None: What it wrote; None where it died as it should.

    Raises:
        RuntimeError: If it ended in any other way.
    """
    note = log.with_name(f'{log.name}.operations')
    note.unlink(missing_ok=True)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _act(action, Operations(folder, last), log, note)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if last is not None and status == -signal.SIGKILL:
        return None
    if status:
        raise RuntimeError(
            f'a process ended with status {status}:\n'
            f'{log.read_text(errors="replace")[-3000:]}'
        )
    return note.read_text().splitlines()


def _act(
    action: Callable[[], None], operations: Operations, log: Path, note: Path
) -> None:
    """Be the process that acts; never returns."""
    status = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout = sys.stderr = os.fdopen(out, 'w')
        operations.watch()
        action()
        note.write_text('\n'.join(operations.done))
        status = 0
    except SystemExit as error:
        print(error, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def prepare() -> None:
    """Load what every process needs, and leave out what only takes long."""
    import_module('matplotlib.pyplot')
    # These take longer than the training: configs laid out for people, which
    # two families of MMEngine import in two ways, programs that are asked for
    # their version, and a search through all that was loaded.
    yapf_api.FormatCode = config.FormatCode = lambda text, **_: (text, True)
    runner.collect_env = lambda: {}
    runner.get_git_hash = runtime_info_hook.get_git_hash = lambda: ''
    gc.freeze()
