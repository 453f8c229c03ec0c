"""Score images by models of others: ``out_of_fold.py CONFIG --out DIR``."""

from mmwsml.command_line import load_config, run_main, tool_parser


def main() -> None:
    """Merge the command line into the config and predict."""
    parser = tool_parser(
        'Train on all folds of the training set but one, predict '
        'that one, and so on; for mmwsml.RankingScoresHook. Goes on where it '
        'was stopped.',
        '--cfg-options',
    )
    add = parser.add_argument
    add('config', help='path of the config')
    add('--out', required=True, metavar='DIR', help='folder for the scores')
    add('--folds', type=int, default=5, help='at least 2; 5 by default')
    add(
        '--epochs',
        type=int,
        default=4,
        help='of each training; 4 by default, not those of the config',
    )
    add(
        '--work-dir', help='folder for the logs; work_dirs/<config> by default'
    )
    args = parser.parse_args()
    from mmwsml.engine.launch import adapt_to_machine, set_work_dir
    from mmwsml.engine.out_of_fold import predict_out_of_fold

    cfg = load_config(args)
    cfg.launcher = 'none'
    set_work_dir(cfg, args.work_dir)
    adapt_to_machine(cfg)
    predict_out_of_fold(cfg, args.out, args.folds, args.epochs)


if __name__ == '__main__':
    run_main(main)
