"""How the tools of the command line begin and end.

A tool calls ``run_main(main)`` and gives its parser ``parents=[DEBUG]``, or
``parents=[CFG_OPTIONS]`` where it takes overrides of a config, too. ``main``
raises; what it raises ends here in one line on stderr and status 1.
"""

import argparse
import io
import locale
import logging
import os
import select
import sys
from typing import Any, Callable, List

from mmengine.config import DictAction
from mmengine.logging import MMLogger

from mmwsml.refusals import describe

#: Where launchers say which process of a run this is, from 0.
RANKS = 'RANK', 'OMPI_COMM_WORLD_RANK', 'SLURM_PROCID'
#: The status that a shell gives to a program whose reader has gone.
PIPE_CLOSED, INTERRUPTED = 141, 130


class _Noticed(argparse.Action):
    """An option that :func:`run_main` looks for, and no tool sees."""

    def __call__(self, *_: Any) -> None:
        pass


class _Overrides(DictAction):
    """MMEngine's ``key=value``, refused as other arguments are."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: List[str],
        option: str,
    ) -> None:
        for text in values:
            if not text.partition('=')[0] or '=' not in text:
                parser.error(f'{option} must be key=value, but got {text!r}')
        super().__call__(parser, namespace, values, option)


#: The option that every tool has.
DEBUG = argparse.ArgumentParser(add_help=False)
DEBUG.add_argument(
    '--debug',
    action=_Noticed,
    nargs=0,
    dest=argparse.SUPPRESS,
    help='show where an error comes from, not its sentence alone',
)
#: The options of a tool that takes a config.
CFG_OPTIONS = argparse.ArgumentParser(add_help=False, parents=[DEBUG])
CFG_OPTIONS.add_argument(
    '--cfg-options',
    nargs='+',
    action=_Overrides,
    metavar='KEY=VALUE',
    help='overrides of the config; lists as key="[a,b]"',
)


def run_main(main: Callable[[], Any]) -> None:
    """Run a tool, and end what it refuses in a line and status 1.

    What a ``raise`` of the package says, and what the system says of a file,
    stands alone; any other error is named with its type. ``--debug`` shows
    the traceback, which the log file of a run holds in any case. Where the
    reader of stdout has gone, as in ``| head``, nothing is said.

    Args:
        main (Callable): Of the tool; may raise or ``sys.exit``.
    """
    _print_any_name()
    try:
        try:
            main()
        except SystemExit:
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError as error:
        if _is_stdout_closed():
            sys.exit(PIPE_CLOSED)
        _refuse(error)
    except Exception as error:
        _refuse(error)


def _refuse(error: Exception) -> None:
    """Note an error in the log of a run; say it and end.

    Raises:
        SystemExit: With status 1, unless the traceback is asked for.
    """
    _log(error)
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument('--debug', action='store_true')
    if parser.parse_known_args()[0].debug:
        raise error
    ranks = [os.environ[name] for name in RANKS if name in os.environ]
    which = f' (process {ranks[0]})' if ranks[:1] not in ([], ['0']) else ''
    print(f'error{which}: {describe(error)}', file=sys.stderr)
    sys.exit(1)


def _log(error: Exception) -> None:
    """Write a traceback to the log file of a run, where there is one."""
    logger = MMLogger.get_current_instance()
    record = logger.makeRecord(
        logger.name,
        logging.ERROR,
        __file__,
        0,
        'The run ended in an error.',
        (),
        (type(error), error, error.__traceback__),
        'run_main',
    )
    before, logging.raiseExceptions = logging.raiseExceptions, False
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handle(record)  # in silence, if the disk is full
    logging.raiseExceptions = before


def _is_stdout_closed() -> bool:
    """Whether nobody reads; if so, what is left is not written."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    if not any(event & select.POLLERR for _, event in poll.poll(0)):
        return False
    # Python flushes again as it ends, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _print_any_name() -> None:
    """Let no name end a tool, whatever the locale can show.

    Files that other packages open, such as the log, are in UTF-8 then.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors='backslashreplace')
    if 'utf' not in locale.getpreferredencoding(False).lower():
        try:
            locale.setlocale(locale.LC_CTYPE, 'C.UTF-8')
        except locale.Error:  # a system without it
            pass
