"""Cut a checkpoint down: ``publish_model.py CONFIG CHECKPOINT``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and publish."""
    parser = tool_parser(
        'Write the weights, classes, thresholds and inference '
        'config of a checkpoint into a file of its own, with the start of its '
        'sha256 in the name.'
    )
    add = parser.add_argument
    add('config', help='config of the run')
    add('checkpoint', help='checkpoint of the run')
    add('--thresholds', help='thresholds.json of tools/analysis/calibrate.py')
    add('--out-dir', help='folder; that of the checkpoint by default')
    args = parser.parse_args()
    from mmwsml.inference.publish import publish_model

    print(publish_model(**vars(args)))


if __name__ == '__main__':
    run_main(main)
