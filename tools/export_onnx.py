"""Write a model for ONNX Runtime: ``export_onnx.py CHECKPOINT``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and export."""
    parser = tool_parser(
        'Write a model as ONNX, what normalises its images included, and '
        'compare its scores with those of the checkpoint.'
    )
    add = parser.add_argument
    add('checkpoint', help='checkpoint of a run, or a published one')
    add('--config', help='config of the run, unless it is published')
    add('--out', help="file; the checkpoint's name with .onnx by default")
    args = parser.parse_args()
    from mmwsml.inference.export_onnx import export_onnx

    print(export_onnx(**vars(args)))


if __name__ == '__main__':
    run_main(main)
