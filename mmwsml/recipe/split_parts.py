"""The training, validation and test images of a fit."""

from dataclasses import replace
from fractions import Fraction
from typing import Dict, List, Optional, Tuple

import numpy as np

from mmwsml.label_files.annotations import save_annotations
from mmwsml.label_files.class_report import count_classes
from mmwsml.label_files.marked_labels import MarkedLabels
from mmwsml.label_files.stratified_split import say_what_lacks, split_images
from mmwsml.structures.whole_file import write_whole

from .alike import is_too_much, join, same_files, similar_images
from .fitted_folder import SPLITS, FittedFolder
from .path_groups import guess_groups
from .read_parts import GivenLabels
from .request import Request

#: Of the images, for each split that nobody gives.
HELD_OUT = Fraction(15, 100)


def group_images(
    given: GivenLabels, request: Request, features: Optional[np.ndarray]
) -> Tuple[List[str], List[str]]:
    """Tell which images to split belong together.

    Args:
        given (GivenLabels): Its images of ``train`` are split.
        request (Request): Says how to group, or not to.
        features (ndarray, optional): Of these images, ``(N, C)``. Defaults to
            None: nobody looks which are similar.

    Returns:
        tuple[list[str], list[str]]: The group of each image, and sentences.
    """
    marked = given.parts['train']
    groups, notes = list(marked.images), []
    if marked.groups is not None:
        groups = list(marked.groups)
    elif not request.is_ungrouped:
        guess = guess_groups(marked.images, marked.classes)
        if guess is not None:
            groups = guess.groups
            notes.append(guess.sentence)
    pairs = same_files(request.images, marked.images)
    if pairs:
        notes.append(
            f'{len(pairs)} images are the same file as another, such as '
            f'{marked.images[pairs[0][1]]!r:.100}: they stay in one part.'
        )
        groups = join(groups, pairs)
    if features is None:
        notes.append(
            'Similar images are not looked for (a network from nothing, or '
            'too many images): only the same files stay in one part.'
        )
    similar = [] if features is None else similar_images(features)
    new = [x for x in similar if groups[x[0]] != groups[x[1]]]
    joined = join(groups, new)
    if is_too_much(joined) and not is_too_much(groups):
        notes.append(
            'Most images are so alike that near-duplicates cannot be told '
            'from them: only the same files stay in one part.'
        )
    elif new:
        groups = joined
        first, second = new[0]
        notes.append(
            f'{len(new)} pairs of images look the same, such as '
            f'{marked.images[first]!r:.100} and '
            f'{marked.images[second]!r:.100}: they stay in one part.'
        )
    return groups, notes


def split_parts(
    given: GivenLabels, groups: List[str], request: Request
) -> Dict[str, MarkedLabels]:
    """Split off what nobody has given.

    Args:
        given (GivenLabels): All that is given.
        groups (list[str]): Of each image that is split.
        request (Request): Seed and names of files.

    Raises:
        ValueError: If the images are too few.
    """
    wanted = [name for name in SPLITS[1:] if name not in given.parts]
    if not wanted:
        return given.parts
    marked = replace(given.parts['train'], groups=groups)
    shares = [1 - len(wanted) * HELD_OUT, *[HELD_OUT] * len(wanted)]
    try:
        found = split_images(marked, shares, request.seed)
    except ValueError as error:
        options = ' and '.join(f'--{name}' for name in wanted)
        raise ValueError(
            f'{request.labels}: {len(marked)} images in {len(set(groups))} '
            f'groups are too few to split some off; give more, or {options}.'
        ) from error
    split = dict(zip(['train', *wanted], found.values()))
    return {name: {**given.parts, **split}[name] for name in SPLITS}


def save_parts(
    parts: Dict[str, MarkedLabels],
    labels: Dict[str, str],
    folder: FittedFolder,
) -> List[str]:
    """Write the labels of each split, those of training last.

    Args:
        parts (dict[str, MarkedLabels]): By split.
        labels (dict[str, str]): 'complete' or 'partial', by split.
        folder (FittedFolder): Where they go.

    Returns:
        list[str]: What each split holds, and what it lacks.
    """
    folder.classes.parent.mkdir(exist_ok=True)
    write_whole(folder.classes, '\n'.join(parts['train'].classes) + '\n')
    for name in reversed(SPLITS):
        path = str(folder.labels(name))
        save_annotations(parts[name], labels[name], path)
    totals = {name: count_classes(x).total() for name, x in parts.items()}
    lines = [
        f'{name}: {x.num_images} images, {x.num_positives} labels known to be '
        f'present, {x.num_negatives} known to be absent'
        for name, x in totals.items()
    ]
    return lines + say_what_lacks(parts)
