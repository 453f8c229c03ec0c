"""Play the pointing game: ``pointing_game.py CONFIG [CHECKPOINT]``."""

from mmwsml.command_line import load_config, run_main, tool_parser


def main() -> None:
    """Merge the command line into the config and play."""
    parser = tool_parser(
        'Count how often the class-activation map of a true class '
        'is largest inside one of its boxes.',
        '--cfg-options',
    )
    add = parser.add_argument
    add('config', help='path of the config')
    add(
        'checkpoint',
        nargs='?',
        help='path of the checkpoint; without it the weights are those that '
        'training starts from',
    )
    add('--split', choices=['val', 'test'], default='test')
    add(
        '--tolerance',
        type=float,
        default=0,
        help='px by which a point may miss a box; 15 is usual for VOC',
    )
    add('--method', choices=['cam', 'grad-cam'], default='cam')
    add('--target-layer', help='module that grad-cam looks at')
    add('--show-dir', help='folder for a picture of each image and class')
    add('--work-dir', help='folder for the log')
    args = parser.parse_args()
    from mmwsml.engine.launch import adapt_to_machine, set_work_dir
    from mmwsml.inference.pointing import play_pointing_game

    cfg = load_config(args)
    cfg.launcher = 'none'
    cfg.load_from = args.checkpoint
    set_work_dir(cfg, args.work_dir, 'pointing_game')
    adapt_to_machine(cfg)
    hook = dict(method=args.method, target_layer=args.target_layer)
    game = dict(tolerance=args.tolerance, show_dir=args.show_dir)
    play_pointing_game(cfg, args.split, hook, game)


if __name__ == '__main__':
    run_main(main)
