"""Name the classes in images: ``infer.py INPUT ... --checkpoint FILE``."""

import argparse
import sys

from mmwsml.command_line import run_main, tool_parser


def number_or_path(text: str) -> object:
    """Read 0.3 as a number and anything else as a path."""
    try:
        return float(text)
    except ValueError:
        return text


def infer(args: argparse.Namespace) -> int:
    """Predict, write and count; return the exit status."""
    from mmwsml.inference.inference_files import (
        check_out_file,
        find_images,
        write_results,
    )
    from mmwsml.inference.inferencer import MultiLabelInferencer
    from mmwsml.structures.overwriting import refuse_to_overwrite

    if args.out:
        check_out_file(args.out)
    images = find_images(args.inputs)
    if args.out:
        read = [*images, *args.inputs, args.checkpoint, args.config]
        refuse_to_overwrite([args.out], [*read, args.thresholds], args.force)
    thresholds = args.thresholds and number_or_path(args.thresholds)
    inferencer = MultiLabelInferencer(
        args.checkpoint, args.config, args.device, thresholds
    )
    results = inferencer(
        images,
        batch_size=args.batch_size,
        on_error='skip',
        show_dir=args.show_dir,
    )
    skipped = inferencer.skipped
    if args.out:
        write_results(
            args.out,
            results,
            inferencer.classes,
            inferencer.thresholds,
            skipped,
        )
    else:
        for result in results:
            print(f'{result["img_path"]}: {", ".join(result["labels"])}')
    for path, reason in skipped.items():
        print(f'skipped {path}: {reason}', file=sys.stderr)
    print(
        f'{len(results)} of {len(images)} images predicted, '
        f'{len(skipped)} skipped.',
        file=sys.stderr,
    )
    return int(bool(skipped))


def main() -> None:
    """Infer, and end with the status that says whether all was read."""
    parser = tool_parser(
        'Name the classes in images. The exit status is 1 if an '
        'image could not be read.',
        '--force',
    )
    add = parser.add_argument
    add(
        'inputs',
        nargs='+',
        metavar='INPUT',
        help='image, folder, pattern in quotes, or .txt file of paths',
    )
    add('--checkpoint', required=True)
    add('--config', help='of the run; not needed for a published checkpoint')
    add('--out', help='file for all scores, .json or .csv; else labels only')
    add(
        '--show-dir', help='folder for a picture of each image with its labels'
    )
    add(
        '--thresholds',
        help='thresholds.json, or one number; by default those of a published '
        'checkpoint, else 0.5',
    )
    add('--batch-size', type=int, default=32)
    add('--device', help='a GPU by default if there is one')
    sys.exit(infer(parser.parse_args()))


if __name__ == '__main__':
    run_main(main)
