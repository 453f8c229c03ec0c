"""Training in a work dir of its own, up to whatever ends it."""

import logging
import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Iterator, NoReturn, Optional, Sequence

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.config_options import check_options
from mmwsml.structures.held_folder import hold_folder
from mmwsml.structures.whole_file import FULL_DISK

from .launch import RANK_VARIABLES

#: What ends a process from outside, as the log says it -> its status.
STATUSES = {'Ctrl-C': 130, 'SIGTERM': 143}


class _TerminatedError(BaseException):
    """SIGTERM has come."""


def train(cfg: Config, hooks: Sequence[Hook] = ()) -> None:
    """Train, unless another training holds the work dir.

    Ctrl-C, SIGTERM and a full disk end in a sentence, also in the log.

    Args:
        cfg (Config): Whole, with ``work_dir`` and ``launcher``.
        hooks (Sequence[Hook]): Beside those of the config, for who calls.
            Defaults to none.

    Raises:
        ValueError: If another process trains in the work dir, or an option
            is misspelt.
        OSError: If the disk is full.
        SystemExit: With status 130 after Ctrl-C, 143 after SIGTERM.
    """
    check_options(cfg)
    runner = None
    with _hold_work_dir(cfg), _raise_on_sigterm():
        try:
            runner = Runner.from_cfg(cfg)
            for hook in hooks:
                runner.register_hook(hook)
            runner.train()
        except KeyboardInterrupt:
            _stop('Ctrl-C', cfg, runner)
        except _TerminatedError:
            _stop('SIGTERM', cfg, runner)
        except OSError as error:
            if error.errno not in FULL_DISK:
                raise
            text = _end(f'The disk of {cfg.work_dir} is full', cfg, runner)
            raise OSError(text) from error


@contextmanager
def _hold_work_dir(cfg: Config) -> Iterator[None]:
    """Hold the work dir, by the first process of a run."""
    if not _is_first(cfg):
        yield
        return
    with hold_folder(cfg.work_dir) as lock:
        if lock is None:
            raise ValueError(
                f'Another process is training in {cfg.work_dir}: wait for it, '
                'end it, or choose another --work-dir.'
            )
        for name in ('*.pth', 'last_checkpoint'):
            # What killed processes were writing, as `whole_file` names it.
            for draft in Path(cfg.work_dir).glob(f'.{name}.*.part'):
                draft.unlink()
        yield


@contextmanager
def _raise_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end what stands in the block, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: Optional[FrameType]) -> None:
        raise _TerminatedError

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(name: str, cfg: Config, runner: Optional[Runner]) -> NoReturn:
    text = _end(f'{name} has stopped the training', cfg, runner)
    if _is_first(cfg):
        print(text, file=sys.stderr)
    raise SystemExit(STATUSES[name]) from None


def _end(what: str, cfg: Config, runner: Optional[Runner]) -> str:
    """Say in the log what has ended a run; return the sentence."""
    done = 'before its first step'
    if runner is not None and runner.iter:
        done = f'after {runner.iter} iterations'
    text = (
        f'{what} {done}; --resume goes on from the newest checkpoint in '
        f'{cfg.work_dir}.'
    )
    logging.raiseExceptions = False  # the log may be on a full disk, too
    if runner is not None:
        record = dict(name=runner.logger.name, msg=text, levelname='ERROR')
        for handler in runner.logger.handlers:
            if isinstance(handler, logging.FileHandler):
                handler.handle(logging.makeLogRecord(record))
    return text


def _is_first(cfg: Config) -> bool:
    """Whether this is the first process of a run, or its only one."""
    variables = RANK_VARIABLES.get(cfg.launcher, ())[:1]
    return all(os.environ.get(name, '0') == '0' for name in variables)
