"""Label files, converted as the tool does."""

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.named_labels import to_data_list


def convert(source, skip=True, **kwargs):
    """Convert a source; list path, positives and negatives by name."""
    bad = BadEntries(skip)
    found = read_labels(str(source), bad, **kwargs)
    return [
        (
            entry['img_path'],
            [found.classes[label] for label in entry['gt_label']],
            [found.classes[label] for label in entry['neg_label']],
        )
        for entry in to_data_list(found, 'partial', None, bad)
    ]
