"""Observations of others, in the order of a data set and checked with it."""

from typing import Dict, Iterator, Sequence

from mmwsml.label_files.observed_labels import Observation
from mmwsml.structures import find_contradiction

from .bad_entries import BadEntries


def arrange(
    images: Dict[str, Observation],
    infos: Sequence[dict],
    bad: BadEntries,
    path: str,
) -> Iterator[Observation]:
    """Put observations into the order of a data set, and check them with it.

    Args:
        images (dict[str, Observation]): By ``sample_id``.
        infos (Sequence[dict]): The images of the data set.
        bad (BadEntries): Takes an observation that contradicts what the data
            set knows, and an image without one; if they are left out, nothing
            is known of the image. Guesses (with scores) may do both.
        path (str): Where the observations come from, for the message.

    Yields:
        Observation: One an image of the data set.
    """
    guessed = any(image.scores is not None for image in images.values())
    for info in infos:
        sample_id = info['sample_id']
        nothing = Observation(sample_id, [], [], [] if guessed else None)
        image = images.get(sample_id)
        if image is None and not guessed:
            bad.add_missing(
                f'{path}: the image {sample_id} of the data set has no entry'
            )
        elif image is not None and not guessed:
            error = find_contradiction(image.positives, image.negatives, info)
            if error:
                bad.add(f'{path}: {error}')
                image = None
        yield nothing if image is None else image
    bad.judge(len(infos))
