"""Keep the weights of a checkpoint: ``extract_weights.py IN OUT``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and write the weights."""
    parser = tool_parser(
        'Keep the weights of a checkpoint, such as one of a run '
        'of MMPretrain, and drop the rest. No code of the file runs; what is '
        'written can be named as load_from, or as the checkpoint of an '
        'init_cfg.',
        '--force',
    )
    add = parser.add_argument
    add('source', help='checkpoint that torch has saved')
    add('target', help='file to write')
    args = parser.parse_args()
    import torch

    from mmwsml.inference.extract_weights import extract_weights
    from mmwsml.structures.overwriting import refuse_to_overwrite
    from mmwsml.structures.whole_file import whole_file

    refuse_to_overwrite([args.target], [args.source], args.force)
    weights, left_out = extract_weights(args.source)
    with whole_file(args.target, 'wb') as file:
        torch.save(dict(state_dict=weights), file)
    print(f'{args.target}: {len(weights)} weights; left out: {left_out}')


if __name__ == '__main__':
    run_main(main)
