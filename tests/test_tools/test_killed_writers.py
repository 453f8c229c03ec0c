"""A writer that dies in the middle leaves the old file or the new one."""

import os
import resource
import signal

import numpy as np
import pytest

from mmwsml.analysis import calibration, corrections
from mmwsml.analysis.annotations import write_annotations
from mmwsml.evaluation.calibration import reliability
from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.inference.inference_files import write_results
from mmwsml.label_files.annotations import save_annotations
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.marked_labels import collect
from mmwsml.label_files.named_labels import NamedLabels, Source
from mmwsml.label_files.observed_labels import Observation, ObservedLabels
from mmwsml.label_files.observed_labels_file import save_observed_labels

CLASSES = ['cat', 'dog']
IMAGES = [dict(img_path=f'{n}.jpg', gt_label=[n % 2]) for n in range(200)]
OBSERVED = ObservedLabels(
    CLASSES, [Observation(f'x/{n}', [0], [1]) for n in range(200)]
)
NAMED = [NamedLabels('', f'{n}.jpg', ['cat']) for n in range(200)]
MARKED = collect(Source(CLASSES, NAMED), BadEntries())
SCORES = np.linspace(0, 1, 200, dtype=np.float32).reshape(-1, 2)
RESULTS = [
    dict(img_path=f'{n}.jpg', labels=['cat'], scores=row)
    for n, row in enumerate(SCORES)
]
CORRECTIONS = [
    corrections.Correction(f'x/{n}', 1, 2, 0.5, None) for n in range(200)
]
WRITERS = {
    'convert.json': lambda path: save_annotations(MARKED, 'partial', path),
    'observe.jsonl': lambda path: save_observed_labels(OBSERVED, path),
    'answers.json': lambda path: write_annotations(path, CLASSES, IMAGES),
    'corrections.csv': lambda path: corrections.write_table(
        path, CORRECTIONS, CLASSES
    ),
    'thresholds.json': lambda path: write_thresholds(
        path, Thresholds(tuple(CLASSES), SCORES[0])
    ),
    'calibration.csv': lambda path: calibration.write_table(
        path, dict(val=reliability(SCORES, SCORES > 0.5, None, 15).total())
    ),
    'result.json': lambda path: write_results(
        str(path), RESULTS, CLASSES, SCORES[0], {}
    ),
    'result.csv': lambda path: write_results(
        str(path), RESULTS, CLASSES, SCORES[0], {}
    ),
}


def write_and_die(write, path, num_bytes):
    """Write in a process that ends when a file grows over a size."""
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # not an error
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, num_bytes))
            write(path)
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.parametrize('name', WRITERS)
def test_a_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    new = path.read_bytes()
    assert len(new) > 40
    for num_bytes in (0, 1, len(new) // 2, len(new) - 1, len(new)):
        path.write_bytes(b'old')
        killed = write_and_die(WRITERS[name], path, num_bytes)
        assert bool(killed) == (num_bytes < len(new))
        assert path.read_bytes() == (b'old' if killed else new)
