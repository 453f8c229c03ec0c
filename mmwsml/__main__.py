"""The command ``mmwsml``, also as ``python -m mmwsml``."""

import argparse

from mmwsml.command_line import SHARED, run_main, tool_parser
from mmwsml.recipe.commands import COMMANDS
from mmwsml.version import __version__


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    parser = tool_parser(
        'From partly known labels and images to a model, and to a verdict '
        'on both.'
    )
    parser.prog = 'mmwsml'
    parser.add_argument('--version', action='version', version=__version__)
    parsers = parser.add_subparsers(metavar='COMMAND', required=True)
    for command in COMMANDS:
        text = command.description
        own = parsers.add_parser(
            command.name,
            help=text,
            description=text,
            prog=f'mmwsml {command.name}',
        )
        own.add_argument('--debug', **SHARED['--debug'])
        command.add_arguments(own)
        own.set_defaults(run=command.run)
    return parser


def main() -> None:
    """Read the command line and do what it says."""
    args = make_parser().parse_args()
    args.run(args)


def script() -> None:
    """Be the console script."""
    run_main(main)


if __name__ == '__main__':
    script()
