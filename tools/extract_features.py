"""Compute features once: ``extract_features.py CONFIG --out FOLDER``."""

from mmwsml.command_line import load_config, run_main, tool_parser


def main() -> None:
    """Merge the command line into the config and extract."""
    parser = tool_parser(
        'Write what the linear layer of a model receives of each '
        'image, for a linear head to be trained on. Goes on where it was '
        'stopped.',
        '--cfg-options',
        '--launcher',
    )
    add = parser.add_argument
    add('config', help='path of the config')
    add(
        'checkpoint',
        nargs='?',
        help='path of the checkpoint; without it the weights are those that '
        'training starts from',
    )
    add('--out', required=True, metavar='DIR', help='folder for the features')
    add(
        '--splits',
        nargs='+',
        choices=['train', 'val', 'test'],
        help='all that the config has by default',
    )
    add(
        '--flip',
        action='store_true',
        help='add the features of the mirrored images',
    )
    args = parser.parse_args()
    from mmwsml.engine.feature_extraction import extract_features
    from mmwsml.engine.launch import adapt_to_machine

    cfg = load_config(args)
    adapt_to_machine(cfg)
    extract_features(cfg, args.out, args.checkpoint, args.splits, args.flip)


if __name__ == '__main__':
    run_main(main)
