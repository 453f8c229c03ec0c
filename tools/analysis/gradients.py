"""See where losses push: ``python tools/analysis/gradients.py RUN``."""

from mmwsml.command_line import run_main, tool_parser

LOSSES = {
    'AN': dict(type='mmwsml.AssumeNegative'),
    'WAN': dict(type='mmwsml.WeakAssumeNegative'),
    'LSAN': dict(type='mmwsml.LabelSmoothingAssumeNegative'),
    'EM': dict(type='mmwsml.EntropyMaximization', alpha=0.1),
    'focal': dict(type='mmwsml.Focal'),
    'ASL': dict(type='mmwsml.Asymmetric', focus_gradient=False),
    'Hill': dict(type='mmwsml.Hill'),
    'SPLC': dict(type='mmwsml.SelfPacedCorrection'),
}


def main() -> None:
    """Print the table."""
    parser = tool_parser(
        'Ask losses for their gradient at the logits that a run '
        'had in an epoch, and print where it goes: down and up on true '
        'negatives (TN), down on hidden positives (FN); the pull on observed '
        'positives is 1.'
    )
    parser.add_argument(
        'run', help="a run of assume negative, recorded with keep='losses'"
    )
    parser.add_argument(
        '--epoch', type=int, default=3, help='whose logits; 3 by default'
    )
    args = parser.parse_args()
    from mmwsml.analysis.gradients import measure_pushes, read_logits
    from mmwsml.records import load_records

    recorded = read_logits(load_records(args.run), args.epoch)
    print('| loss | TN down | TN up | FN down | FN, % of all down |')
    print('| --- | --- | --- | --- | --- |')
    for name, loss in LOSSES.items():
        pushes = measure_pushes(loss, recorded)
        sums = ' | '.join(f'{value:.2f}' for value in pushes)
        print(f'| {name} | {sums} | {100 * pushes.wrong_share:.0f} |')


if __name__ == '__main__':
    run_main(main)
