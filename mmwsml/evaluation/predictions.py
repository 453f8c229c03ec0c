"""The result file: what a model says of each image, and what is true."""

import errno
import json
import os
import zipfile
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np

from mmwsml.structures.array_file import read_member
from mmwsml.structures.format_version import (
    FORMAT_VERSION,
    NewerFormatError,
    check_format_version,
)
from mmwsml.structures.whole_file import whole_file

#: What a result file says of itself, before its version.
FORM = 'mmwsml predictions'
SPLITS = ('train', 'val', 'test')
NAMES = ('img_paths', 'sample_ids', 'classes')
#: How many times larger than a packed file its names may be: it holds them
#: beside the scores, and names pack to a tenth.
MAX_RATIO = 32


class Predictions(NamedTuple):
    """Scores and known labels of N images and K classes."""

    #: Float32 ``(N, K)`` in [0, 1], after the sigmoid.
    scores: np.ndarray
    #: Bool ``(N, K)``: observed positives.
    target: np.ndarray
    #: Bool ``(N, K)``: whether a label is known. None: all of them are.
    observed: Optional[np.ndarray]
    #: Where each image was read from.
    img_paths: List[str]
    #: What each image is, ``namespace/relative path``.
    sample_ids: List[str]
    #: Names of the classes.
    classes: Tuple[str, ...]
    #: 'train', 'val' or 'test': where the images came from.
    split: str

    def known(self, label: int) -> np.ndarray:
        """Return which images a class is known of, bool ``(N,)``."""
        if self.observed is None:
            return np.ones(len(self.scores), bool)
        return self.observed[:, label]


def write_predictions(path: str, predictions: Predictions) -> None:
    """Write a result file: NumPy's ``.npz``, whole or not at all.

    ``scores`` is float32, ``target`` and ``observed`` are bits (8 classes a
    byte), and ``header`` is JSON in UTF-8 with the names. So N images and K
    classes take 4.25 * N * K bytes and the names: 2.7 GB for 125,000 x 5,000.

    Args:
        path (str): The file; its folder is made.
        predictions (Predictions): What to write.

    Raises:
        ValueError: If the parts do not fit together or a score is not a
            number in [0, 1].
    """
    fault = _find_fault(predictions)
    if fault:
        raise ValueError(f'{path}: not written, {fault}')
    names = predictions._asdict()
    arrays = {'scores': names.pop('scores')}
    for name in ('target', 'observed'):
        labels = names.pop(name)
        if labels is not None:
            arrays[name] = np.packbits(labels, axis=1)
    names['form'] = f'{FORM} {FORMAT_VERSION}'
    header = json.dumps(names).encode()
    arrays['header'] = np.frombuffer(header, np.uint8)
    path = os.path.abspath(os.path.expanduser(path))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with whole_file(path, 'wb') as file:
        np.savez(file, **arrays)


def read_predictions(path: str) -> Predictions:
    """Read what :func:`write_predictions` wrote; runs no code from the file.

    Args:
        path (str): The file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, not such a file, or of a later version.
    """
    path = os.path.expanduser(path)
    if not os.path.isfile(path):
        raise FileNotFoundError(
            f'The result file {path} does not exist: make it with '
            f'tools/test.py CONFIG CHECKPOINT --out {path}.'
        )
    try:
        predictions = _read(path)
        fault = _find_fault(predictions)
    except NewerFormatError:
        raise
    except Exception as error:  # damaged files raise almost anything
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # not the content's fault, such as a missing permission
        raise ValueError(
            f'{path}: is damaged or not a result file of this version; make '
            'it with tools/test.py CONFIG CHECKPOINT --out FILE.npz.'
        ) from error
    if fault:
        raise ValueError(f'{path}: {fault}')
    return predictions


def _read(path: str) -> Predictions:
    size = os.path.getsize(path)
    with zipfile.ZipFile(path) as archive:
        names = _read_names(archive, size, path)
        shape = len(names['img_paths']), len(names['classes'])
        bits = shape[0], -(-shape[1] // 8)
        arrays: Dict[str, Any] = {}
        arrays['scores'] = read_member(archive, 'scores', np.float32, shape)
        for name in ('target', 'observed'):
            arrays[name] = None
            if f'{name}.npy' in archive.namelist():
                array = read_member(archive, name, np.uint8, bits)
                array = np.unpackbits(array, axis=1, count=shape[1])
                arrays[name] = array.view(bool)
    return Predictions(**arrays, **names)


def _read_names(archive: zipfile.ZipFile, size: int, path: str) -> dict:
    """Read the header, whose names say how large the arrays may be."""
    info = archive.getinfo('header.npy')
    if info.file_size > MAX_RATIO * size:
        raise ValueError('names that unpack without end')
    header = json.loads(read_member(archive, 'header', np.uint8).tobytes())
    form, _, version = header.pop('form').rpartition(' ')
    if form != FORM:
        raise ValueError('another form')
    check_format_version(int(version), path)
    for name in NAMES:
        if not isinstance(header[name], list):
            raise TypeError('no list of names')
        if not all(isinstance(text, str) for text in header[name]):
            raise TypeError('a name that is no text')
    header['classes'] = tuple(header['classes'])
    return header


def _find_fault(predictions: Predictions) -> Optional[str]:
    """Say what is wrong with predictions, if anything is."""
    scores = predictions.scores
    lengths = len(predictions.img_paths), len(predictions.classes)
    parts = [predictions.target]
    if predictions.observed is not None:
        parts.append(predictions.observed)
    if 0 in lengths:
        return f'it must hold images and classes, but has {lengths} of them.'
    if scores.dtype != np.float32 or scores.shape != lengths:
        return (
            f'`scores` must be float32 of shape {lengths}, images by '
            f'classes, but is {scores.dtype} of {scores.shape}.'
        )
    if any(x.dtype != bool or x.shape != scores.shape for x in parts):
        return f'`target` and `observed` must be bool of {scores.shape}.'
    ids = predictions.sample_ids
    if not len(ids) == len(set(ids)) == len(scores):
        return (
            f'{len(scores)} images need {len(scores)} different '
            f'`sample_ids`, but {len(ids)} entries have {len(set(ids))}: '
            'evaluate each image once.'
        )
    if predictions.split not in SPLITS:
        return (
            f'`split` must be one of {SPLITS}, got {predictions.split!r:.60}.'
        )
    return _find_broken_score(predictions)


def _find_broken_score(predictions: Predictions) -> Optional[str]:
    scores = predictions.scores
    # The extremes are NaN where a score is: no matrix of bool is made.
    if scores.min() >= 0 and scores.max() <= 1:
        return None
    rows = [
        n for n, x in enumerate(scores) if not (x.min() >= 0 <= 1 - x.max())
    ]
    return (
        f'{len(rows)} of {len(scores)} images have scores that are not '
        f'numbers in [0, 1], the first {predictions.sample_ids[rows[0]]}: '
        'did the training diverge, or is the head without a sigmoid?'
    )
