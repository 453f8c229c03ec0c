"""A small set of photographs with several labels, cut out of COCO."""

import os
from typing import Dict, Iterable, List

import cv2

from mmwsml.datasets.image_file import read_image
from mmwsml.structures import hash64
from mmwsml.structures.whole_file import write_whole

from ..label_files.annotations import save_annotations
from ..label_files.bad_entries import BadEntries
from ..label_files.convert import settle
from ..label_files.marked_labels import collect
from ..label_files.named_labels import NamedLabels, Source
from ..label_files.read_options import ReadOptions

#: COCO's first categories.
CLASSES = (
    'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,'
    'traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,'
    'horse'
).split(',')
MIN_LABELS = 2  # of an image that is taken
SIDE = 128  # px, of the shorter side
SHARES = {'train': 48, 'val': 12, 'test': 10}


def cut_subset(source: Source, num_images: int) -> Dict[str, Source]:
    """Choose images with two or more of 18 labels, and split them.

    The images are ranked by a hash of their path: the same for everyone who
    cuts the same file.

    Args:
        source (Source): What :func:`read_coco` found.
        num_images (int): Images of all splits; fewer, if there are fewer.

    Returns:
        dict[str, Source]: The images of each split with complete labels, 48
        of 70 in 'train', 12 in 'val' and 10 in 'test'.

    Raises:
        ValueError: If a category is missing, or no image has two.
    """
    missing = set(CLASSES) - set(source.classes or ())
    if missing:
        raise ValueError(
            f'The file has no category {min(missing)!r}: take the file of '
            "instances of COCO's 80 categories."
        )
    chosen = [image for img in source.images for image in _restrict(img)]
    if not chosen:
        raise ValueError(
            f'No image of the file has {MIN_LABELS} of the {len(CLASSES)} '
            'labels: take the instances of COCO 2014 or 2017.'
        )
    chosen.sort(key=lambda image: (hash64(image.img_path), image.img_path))
    chosen = chosen[:num_images]
    splits, start, share = {}, 0, 0
    for name, part in SHARES.items():
        share += part
        end = len(chosen) * share // sum(SHARES.values())
        splits[name] = Source(list(CLASSES), chosen[start:end], 'absent')
        start = end
    return splits


def _restrict(image: NamedLabels) -> Iterable[NamedLabels]:
    """Yield the image with the labels of the subset, if it has enough."""
    positives = [name for name in CLASSES if name in image.positives]
    if len(positives) >= MIN_LABELS:
        yield image._replace(positives=positives, negatives=(), unsure=())


def write_subset(
    splits: Dict[str, Source], images: str, out: str, bad: BadEntries
) -> Dict[str, int]:
    """Write resized images and an annotation file for each split.

    Args:
        splits (dict[str, Source]): Of :func:`cut_subset`.
        images (str): Folder of the originals.
        out (str): Folder for ``images/``, ``train.json``, ``val.json`` and
            ``test.json``.
        bad (BadEntries): Takes images that are missing or unreadable.

    Returns:
        dict[str, int]: Images written of each split.

    Raises:
        ValueError: If ``out/images`` is the folder of the originals, or an
            image is bad.
    """
    folder = os.path.join(out, 'images')
    if os.path.exists(folder) and os.path.samefile(folder, images):
        raise ValueError(
            f'{folder} is the folder of the photographs, which the small '
            'ones would replace; choose another folder to write.'
        )
    counts = {}
    for name, split in splits.items():
        written = _write_images(split.images, images, folder, bad)
        marked = collect(split._replace(images=written), bad)
        marked = settle(marked, ReadOptions(), bad, 'complete')
        path = os.path.join(out, f'{name}.json')
        save_annotations(marked, 'complete', path)
        counts[name] = len(marked)
    return counts


def _write_images(
    chosen: Iterable[NamedLabels], images: str, folder: str, bad: BadEntries
) -> List[NamedLabels]:
    written = []
    for image in chosen:
        path = os.path.join(images, image.img_path)
        try:
            picture = read_image(path)
        except OSError:
            bad.add_missing(f'{path}: cannot be read as a picture')
            continue
        scale = SIDE / min(picture.shape[:2])
        size = [
            max(SIDE, round(side * scale)) for side in picture.shape[1::-1]
        ]
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        target = os.path.join(folder, image.img_path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _, content = cv2.imencode(os.path.splitext(target)[1], small)
        write_whole(target, content.tobytes())
        written.append(image)
    return written
