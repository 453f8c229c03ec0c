"""The labels of ``mmwsml fit``, and what would make them worthless."""

from dataclasses import dataclass, replace
from typing import Dict, List

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.image_folder import ImageFolder
from mmwsml.label_files.marked_labels import PRESENT, UNKNOWN, MarkedLabels
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.structures.short_value import short_value

from .given_checks import check_labels
from .given_paths import check_images
from .request import Request

HELD_OUT = ('val', 'test')
#: Of the images that are not there.
SHOWN = 3


@dataclass(frozen=True)
class GivenLabels:
    """What a person gives: ``train``, and ``val`` and ``test`` or not."""

    parts: Dict[str, MarkedLabels]
    #: What was left out or merged, sentences.
    notes: List[str]

    @property
    def classes(self) -> List[str]:
        """Names of the classes."""
        return self.parts['train'].classes

    def all_images(self) -> List[str]:
        """List the paths of all images, those to be split first."""
        return [path for part in self.parts.values() for path in part.images]

    def is_complete(self, split: str) -> bool:
        """Whether every label of a split, or of its source, is known."""
        marked = self.parts.get(split, self.parts['train'])
        return not any((dense == UNKNOWN).any() for dense in marked.dense())


class _Entries(BadEntries):
    """Counts the images that are not there, instead of refusing the first."""

    def __init__(self, skip: bool) -> None:
        super().__init__(skip)
        self.missing: List[str] = []

    def add_missing(self, sentence: str) -> None:
        """Take in an entry without its image."""
        self.missing.append(sentence)


def read_given(request: Request) -> GivenLabels:
    """Read all labels that a person gives, with the classes of the first.

    Raises:
        FileNotFoundError: If there is no such file or folder.
        ValueError: If nothing can be learned or measured with them.
    """
    check_images(request.images)
    notes: List[str] = []
    options = replace(
        request.read, images=request.images, group=request.groups
    )
    train = _read(request.labels, options, request, notes)
    check_labels(train, request.labels)
    parts = {'train': train}
    # The columns of groups are for a split.
    options = replace(options, group=None, none=None)
    if request.held_out_rest:
        options = replace(options, rest=request.held_out_rest)
    for name in HELD_OUT:
        path = getattr(request, name)
        if path is not None:
            own = _read(path, options, request, notes)
            parts[name] = _with_classes(own, train, path, request, notes)
    _refuse_shared(parts, request)
    taken = {path for part in parts.values() for path in part.images}
    notes += ImageFolder(request.images).unlabelled(taken)
    return GivenLabels(parts, notes)


def _read(
    path: str, options: ReadOptions, request: Request, notes: List[str]
) -> MarkedLabels:
    """Read one file; say of how many images it could not."""
    bad = _Entries(request.skip_bad)
    try:
        marked = read_labels(path, bad, options)
    except ValueError as error:
        if bad.missing:
            raise _missing(path, request.images, bad, 0) from error
        raise
    if bad.missing and not request.skip_bad:
        raise _missing(path, request.images, bad, len(marked))
    if bad.missing:
        notes.append(
            f'{path}: {len(bad.missing)} images are not in {request.images} '
            'and left out.'
        )
    if bad.count:
        notes.append(str(bad))
    # Images without a label may have one in another of the files.
    own = [x for x in marked.notes if ' have no label; ' not in x]
    notes.extend(x for x in own if x not in notes)
    return marked


def _missing(
    path: str, images: str, bad: _Entries, num_found: int
) -> ValueError:
    num = len(bad.missing)
    total, first = num + num_found, '; '.join(bad.missing[:SHOWN])
    found = f'{num} of {total} images are' if num_found else 'no image is'
    remedy = 'check the folder, or cut off what stands in front of the names '
    remedy += 'with --strip-prefix'
    if num_found:
        remedy += ', or go on without them with --skip-bad'
    fault = 'not in' if num_found else 'in'
    return ValueError(f'{path}: {found} {fault} {images} ({first}); {remedy}.')


def _with_classes(
    marked: MarkedLabels,
    train: MarkedLabels,
    path: str,
    request: Request,
    notes: List[str],
) -> MarkedLabels:
    """Read held-out labels as those of the classes that are trained."""
    shared = set(marked.classes) & set(train.classes)
    if not shared:
        raise ValueError(
            f'{path}: has none of the classes of {request.labels}; it has '
            f'{short_value(marked.classes)}, the other '
            f'{short_value(train.classes)}: write their names alike.'
        )
    if marked.classes == train.classes:
        return marked
    options = replace(
        request.read,
        images=request.images,
        classes=train.classes,
        group=None,
        rest=request.held_out_rest or request.read.rest,
    )
    return _read(path, options, request, notes)


def _refuse_shared(parts: Dict[str, MarkedLabels], request: Request) -> None:
    """Refuse an image that two of the files have."""
    owner: Dict[str, str] = {}
    for name, part in parts.items():
        path = request.labels if name == 'train' else getattr(request, name)
        shared = [x for x in part.images if owner.setdefault(x, path) != path]
        if shared:
            raise ValueError(
                f'{path}: {len(shared)} of its images are in '
                f'{owner[shared[0]]}, too, such as {shared[0]!r:.200}: what '
                'is measured on images that were learned from says nothing; '
                'leave them out of one of the two.'
            )
        if not (part.marks == PRESENT).any():
            raise ValueError(
                f'{path}: no label says that a class is present, so that '
                'nothing can be measured on it; choose another file.'
            )
