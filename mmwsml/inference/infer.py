"""Inference from a command line: what it takes, and what it says."""

import argparse
import sys
from typing import Dict, Optional, Union


def add_infer_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a command line what :func:`infer` reads, but for the model."""
    add = parser.add_argument
    add(
        'inputs',
        nargs='+',
        metavar='IMAGES',
        help='image, folder, pattern in quotes, or .txt file of paths',
    )
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


def infer(
    args: argparse.Namespace,
    checkpoint: str,
    config: Optional[str] = None,
    thresholds: Optional[str] = None,
) -> int:
    """Predict, write and count.

    Args:
        args (Namespace): With what :func:`add_infer_arguments` adds, and
            ``force``.
        checkpoint (str): As of :class:`MultiLabelInferencer`.
        config (str, optional): As there. Defaults to None.
        thresholds (str, optional): File of those that hold where ``args``
            names none. Defaults to None: as there.

    Returns:
        int: The exit status, 1 if an image could not be read.

    Raises:
        FileExistsError: If the file to write is there.
        FileNotFoundError: If an input names no image, or a file is missing.
        ValueError: If the model or an option is not what it should be.
    """
    from mmwsml.structures.overwriting import refuse_to_overwrite

    from .inference_files import (
        check_out_file,
        find_images,
        tell_others,
        write_results,
    )
    from .inferencer import MultiLabelInferencer

    if args.out:
        check_out_file(args.out)
    images = find_images(args.inputs)
    if args.out:
        read = [*images, *args.inputs, checkpoint, config, args.thresholds]
        refuse_to_overwrite([args.out], [*read, thresholds], args.force)
    if args.thresholds:
        thresholds = args.thresholds
    inferencer = MultiLabelInferencer(
        checkpoint,
        config,
        args.device,
        thresholds and number_or_path(thresholds),
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
    _tell(len(images), skipped, tell_others(args.inputs))
    return int(bool(skipped))


def number_or_path(text: str) -> Union[float, str]:
    """Read 0.3 as a number and anything else as a path."""
    try:
        return float(text)
    except ValueError:
        return text


def _tell(number: int, skipped: Dict[str, str], others: str) -> None:
    """Say what became of the images, beside the results."""
    for path, reason in skipped.items():
        print(f'skipped {path}: {reason}', file=sys.stderr)
    if others:
        print(others, file=sys.stderr)
    print(
        f'{number - len(skipped)} of {number} images predicted, '
        f'{len(skipped)} skipped.',
        file=sys.stderr,
    )
