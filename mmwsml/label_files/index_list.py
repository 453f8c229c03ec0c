"""Lists of ``file,indices``, as many repositories of the field ship them."""

from typing import Dict, List, Tuple

from mmwsml.label_files.observed_labels import Observation
from mmwsml.label_files.text_lines import read_lines
from mmwsml.structures import find_label_error
from mmwsml.structures.short_value import short_value

from .bad_entries import BadEntries
from .image_finder import ImageFinder


def read_index_list(
    path: str, finder: ImageFinder, num_classes: int, bad: BadEntries
) -> Dict[str, Observation]:
    """Read positives as ``file,indices``, such as ``2008_000008.jpg,12 14``.

    Args:
        path (str): The file; indices are apart by blanks, none are allowed.
        finder (ImageFinder): Knows the images.
        num_classes (int): K.
        bad (BadEntries): Takes the lines that break a rule.

    Returns:
        dict[str, Observation]: The known positives of each image.
    """
    images: Dict[str, Observation] = {}
    num_lines = 0
    for number, line in read_lines(path):
        num_lines += 1
        try:
            name, labels = _parse_indices(line, num_classes)
            sample_id = finder.find(name)
            if sample_id in images:
                raise ValueError(f'{name!r:.200} is there twice')
            images[sample_id] = Observation(sample_id, labels, [])
        except ValueError as error:
            bad.add(f'{path}, line {number}: {error}')
        except LookupError as error:
            bad.add_missing(f'{path}, line {number}: {error}')
    bad.judge(num_lines)
    return images


def _parse_indices(line: str, num_classes: int) -> Tuple[str, List[int]]:
    name, comma, indices = line.rpartition(',')
    words = indices.split()
    if not comma or not all(word.isdecimal() for word in words):
        raise ValueError(
            f'must be `file,indices`, such as 1.jpg,3 14, but got '
            f'{short_value(line)}'
        )
    labels = [int(word) for word in words]
    error = find_label_error(labels, [], num_classes)
    if error:
        raise ValueError(f'the labels of {name!r:.200} are wrong: {error}')
    return name.strip(), labels
