"""Write the labels that a run corrected: ``export_corrections.py RUN``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and export."""
    parser = tool_parser(
        'Write the labels that LL-Cp or MIME corrected: '
        'annotations.json to train on, and corrections.csv to look through, '
        'the most doubtful first.',
        '--force',
    )
    add = parser.add_argument
    add('run', help='work dir of the run')
    add('--checkpoint', help='instead of the last of the run')
    add('--out', help='folder; RUN/corrections by default')
    add(
        '--keep-out',
        metavar='FILE',
        help='CSV with the columns sample_id and class: corrections that a '
        'person refused; lines of corrections.csv do',
    )
    add(
        '--refused-are-negative',
        action='store_true',
        help='make the refused ones observed negatives',
    )
    add(
        '--config',
        help='run this config for the training set, where that is not of the '
        'mm packages; by default the run tells it, and nothing of it runs',
    )
    args = parser.parse_args()
    from mmwsml.analysis.export import export_corrections

    for path in export_corrections(**vars(args)):
        print(path)


if __name__ == '__main__':
    run_main(main)
