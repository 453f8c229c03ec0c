"""Label files, converted as the tool does."""

import pytest

from mmwsml.label_files.annotations import to_entries
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions


def convert(source, skip=True, labels='partial', **options):
    """Convert a source; list path, positives and negatives by name."""
    found = read_labels(
        str(source), BadEntries(skip), ReadOptions(**options), labels
    )
    return [
        (
            entry['img_path'],
            [found.classes[label] for label in entry['gt_label']],
            [found.classes[label] for label in entry.get('neg_label', ())],
        )
        for entry in to_entries(found, labels)
    ]


@pytest.fixture
def table(tmp_path):
    """Return a reader of a text as a table: the counts, and the labels."""

    def read(text, name='a.csv', skip=False, **options):
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / name).write_bytes(content)
        return read_labels(
            str(tmp_path / name), BadEntries(skip), ReadOptions(**options)
        )

    return read


def counts(marked):
    """Count images, classes, known positives and known negatives."""
    lists = list(marked.lists())
    num_positives = sum(len(positives) for positives, _ in lists)
    num_negatives = sum(len(negatives) for _, negatives in lists)
    return len(lists), len(marked.classes), num_positives, num_negatives
