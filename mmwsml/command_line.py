"""How the tools of the command line begin and end.

A tool calls ``run_main(main)`` and makes its parser with ``tool_parser``,
which adds the options that several tools share. ``main`` raises; what it
raises ends here in one line on stderr and status 1.

What is slow to import (torch, the mm packages, most of this one) a tool
imports after it has read its command line, so that ``--help`` and a wrong
option answer at once.
"""

import argparse
import io
import locale
import logging
import os
import select
import sys
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional

from mmwsml.config_options import check_overrides
from mmwsml.refusals import describe

if TYPE_CHECKING:
    from mmengine.config import Config

#: Where launchers say which process of a run this is, from 0.
RANKS = 'RANK', 'OMPI_COMM_WORLD_RANK', 'SLURM_PROCID'
#: The status that a shell gives to a program whose reader has gone.
PIPE_CLOSED, INTERRUPTED = 141, 130


class _Noticed(argparse.Action):
    """An option that :func:`run_main` looks for, and no tool sees."""

    def __call__(self, *_: Any) -> None:
        pass


class _Overrides(argparse.Action):
    """MMEngine's ``key=value``, refused as other arguments are."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: Optional[str] = None,
    ) -> None:
        for text in values:
            if not text.partition('=')[0] or '=' not in text:
                parser.error(f'{option} must be key=value, but got {text!r}')
        from mmengine.config import DictAction

        read = DictAction(self.option_strings, self.dest)
        read(parser, namespace, values, option)


#: Options that several tools have.
SHARED: Dict[str, Dict[str, Any]] = {
    '--debug': dict(
        action=_Noticed,
        nargs=0,
        dest=argparse.SUPPRESS,
        help='show where an error comes from, not its sentence alone',
    ),
    '--cfg-options': dict(
        nargs='+',
        action=_Overrides,
        metavar='KEY=VALUE',
        help='overrides of the config; lists as key="[a,b]"',
    ),
    '--launcher': dict(
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
        help='what started the processes',
    ),
    '--force': dict(action='store_true', help='replace files that are there'),
    '--skip-bad': dict(
        action='store_true', help='leave bad entries out, and count them'
    ),
    '--data-root': dict(
        metavar='DIR', help='folder of the images, where they have been moved'
    ),
}


def tool_parser(description: str, *shared: str) -> argparse.ArgumentParser:
    """Make the parser of a tool, which has ``--debug`` in any case.

    Args:
        description (str): What the tool does.
        *shared (str): Names of other options in ``SHARED``.
    """
    parser = argparse.ArgumentParser(description=description)
    for name in ('--debug', *shared):
        parser.add_argument(name, **SHARED[name])
    if '--launcher' in shared:
        parser.add_argument(
            '--local_rank', '--local-rank', type=int, default=0
        )
    return parser


def load_config(args: argparse.Namespace) -> 'Config':
    """Read the config of a command line, with its overrides and launcher.

    Args:
        args (Namespace): With ``config``, its path; ``launcher``, if the tool
            has it.

    Raises:
        ValueError: If an override would change nothing.
    """
    from mmengine.config import Config

    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        check_overrides(args.cfg_options, cfg)
        cfg.merge_from_dict(args.cfg_options)
    if 'launcher' in args:
        cfg.launcher = args.launcher
        os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    return cfg


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
    if 'mmengine' not in sys.modules:
        return  # there is no log yet
    from mmengine.logging import MMLogger

    logger = MMLogger.get_current_instance()
    text = 'The run ended in an error.'
    info = type(error), error, error.__traceback__
    record = logger.makeRecord(
        logger.name, logging.ERROR, __file__, 0, text, (), info, 'run_main'
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
