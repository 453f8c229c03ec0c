"""Name the classes in images: ``infer.py INPUT ... --checkpoint FILE``."""

import sys

from mmwsml.command_line import run_main, tool_parser
from mmwsml.inference.infer import add_infer_arguments, infer


def main() -> None:
    """Infer, and end with the status that says whether all was read."""
    parser = tool_parser(
        'Name the classes in images. The exit status is 1 if an '
        'image could not be read.',
        '--force',
    )
    add_infer_arguments(parser)
    add = parser.add_argument
    add('--checkpoint', required=True)
    add('--config', help='of the run; not needed for a published checkpoint')
    args = parser.parse_args()
    sys.exit(infer(args, args.checkpoint, args.config))


if __name__ == '__main__':
    run_main(main)
