"""List labels to look at, and read answers back: ``clean_up.py RUN ...``."""

import argparse

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Write the unobserved labels that are probably present, '
        "the surest first, from the losses of runs trained with keep='losses' "
        'in RecordHook; with --answers, turn the filled list into an '
        'annotation file to train on.',
        '--force',
        '--data-root',
    )
    add = parser.add_argument
    add(
        'runs',
        nargs='+',
        metavar='RUN',
        help='work dirs of runs on one training set, of other seeds or other '
        'methods: several see more than one',
    )
    add('--out', required=True, help='CSV; JSON for --answers')
    add('--num', type=int, default=1000, help='lines; 1000 by default')
    add(
        '--quota',
        type=float,
        default=2,
        help='a class takes at most so many times its share of the observed '
        'positives; 2 by default, inf: no bound',
    )
    add('--per-class', type=int, help='lines that no class may exceed')
    add(
        '--num-alike',
        type=int,
        default=30,
        help='similar images that are heard, 0 for none; 30 by default',
    )
    add(
        '--epochs',
        nargs=2,
        type=int,
        metavar=('FIRST', 'LAST'),
        help='epochs that count; from the second to the last by default',
    )
    add(
        '--answers',
        metavar='FILE.csv',
        help='the list with `present` filled: yes, no or empty; --out is then '
        'an annotation file with the labels that RUN knew and these',
    )
    args = parser.parse_args()
    if args.answers and len(args.runs) > 1:
        parser.error('--answers takes one RUN, which tells the known labels')
    return args


def main() -> None:
    """Do one or the other."""
    options = vars(parse_args())
    from mmwsml.analysis.clean_up.clean_up import (
        write_answered_labels,
        write_clean_up_list,
    )

    answers, force = options.pop('answers'), options.pop('force')
    if answers:
        run, out = options['runs'][0], options['out']
        print(write_answered_labels(run, answers, out, force))
    else:
        print(write_clean_up_list(**options, force=force))


if __name__ == '__main__':
    run_main(main)
