"""What a source says of its images, in flat arrays."""

from array import array
from dataclasses import dataclass, replace
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source

#: Of a class in an image. UNKNOWN is said by the source: it is what --rest
#: does not decide about.
PRESENT, ABSENT, UNKNOWN = 1, 0, -1
RESTS = ('unknown', 'absent')
MANY_DIGITS = 16
NUM_CELLS = 1 << 22  # of images and classes that are dense at a time


@dataclass(frozen=True)
class MarkedLabels:
    """Marks of N images and K classes, 9 bytes a mark.

    Every reader returns them, every option applies to them, and
    :meth:`lists` is what an annotation file is written from.
    """

    classes: List[str]
    #: Names or paths of the images; the same one may be there several times.
    images: Sequence[str]
    #: Image, class and mark (``PRESENT``, ``ABSENT``, ``UNKNOWN``), the
    #: images ascending: int32, int32 and int8 ``(M,)``.
    rows: np.ndarray
    labels: np.ndarray
    marks: np.ndarray
    #: What an entry without a mark is, one of ``RESTS``; None: the source
    #: does not say.
    rest: Optional[str]
    #: File and line of an image, for a message.
    place: Callable[[int], str]
    #: Whether the source itself lists its classes. Of a class that is not in
    #: its list nothing is known; one of no list is there or is not.
    listed: bool = True
    #: Classes of which the source says nothing.
    foreign: Tuple[int, ...] = ()
    #: What was guessed, left out or merged, a sentence each.
    notes: Tuple[str, ...] = ()
    #: Of each image, such as its patient; None: nobody asked.
    groups: Optional[Sequence[str]] = None
    #: Whether the images are crops, cut out on the way.
    cropped: bool = False

    def __len__(self) -> int:
        """Count the images."""
        return len(self.images)

    def note(self, *sentences: str) -> 'MarkedLabels':
        """Return the same with more notes."""
        return replace(self, notes=(*self.notes, *sentences))

    def take(self, images: np.ndarray) -> 'MarkedLabels':
        """Keep some images.

        Args:
            images (ndarray): Their numbers, each once, in the order wanted.
        """
        images = np.asarray(images, np.int64)
        new = np.full(len(self), -1, np.int32)
        new[images] = np.arange(len(images), dtype=np.int32)
        rows = new[self.rows]
        order = np.argsort(rows, kind='stable')
        order = order[np.count_nonzero(rows < 0) :]
        numbers = images.tolist()
        place, groups = self.place, self.groups
        return replace(
            self,
            images=[self.images[number] for number in numbers],
            rows=rows[order],
            labels=self.labels[order],
            marks=self.marks[order],
            place=lambda row: place(numbers[row]),
            groups=groups and [groups[number] for number in numbers],
        )

    def dense(self) -> Iterator[np.ndarray]:
        """Yield the marks of some images at a time, int8 ``(n, K)``."""
        fill = ABSENT if self.rest == 'absent' else UNKNOWN
        step = max(1, NUM_CELLS // max(1, len(self.classes)))
        for start in range(0, len(self), step):
            num = min(step, len(self) - start)
            dense = np.full((num, len(self.classes)), fill, np.int8)
            dense[:, list(self.foreign)] = UNKNOWN
            part = slice(*np.searchsorted(self.rows, (start, start + num)))
            rows = self.rows[part] - start
            dense[rows, self.labels[part]] = self.marks[part]
            yield dense

    def lists(self) -> Iterator[Tuple[List[int], List[int]]]:
        """Yield known positives and negatives of each image, ascending."""
        for dense in self.dense():
            yield from zip(_split(dense == PRESENT), _split(dense == ABSENT))


def _split(dense: np.ndarray) -> Iterator[List[int]]:
    labels = np.nonzero(dense)[1].tolist()
    start = 0
    for end in dense.sum(1).cumsum().tolist():
        yield labels[start:end]
        start = end


def collect(source: Source, bad: BadEntries) -> MarkedLabels:
    """Gather what a reader yields image by image.

    Args:
        source (Source): Classes and images.
        bad (BadEntries): Takes images whose labels contradict themselves or
            are of a class that is not in the list of the source.
    """
    index = {name: n for n, name in enumerate(source.classes or ())}
    images: List[str] = []
    places: List[str] = []
    rows, labels, marks = array('i'), array('i'), array('b')
    num_read = 0
    for image in source.images:
        num_read += 1
        found, fault = _mark(image, index, source.classes is None)
        if fault:
            bad.add(f'{image.place}: {fault}')
            continue
        rows.extend([len(images)] * len(found))
        labels.extend(found)
        marks.extend(found.values())
        images.append(image.img_path)
        places.append(image.place)
    bad.judge(num_read)
    result = MarkedLabels(
        list(index),
        images,
        np.array(rows, np.int32),
        np.array(labels, np.int32),
        np.array(marks, np.int8),
        source.rest,
        places.__getitem__,
        listed=source.classes is not None,
        notes=tuple(source.notes),
    )
    return result if result.listed else sort_classes(result)


def _mark(
    image: NamedLabels, index: Dict[str, int], is_open: bool
) -> Tuple[Dict[int, int], str]:
    """Return the marks of an image by class, and what is wrong with them."""
    found: Dict[int, int] = {}
    for names, mark in zip(image[2:], (PRESENT, ABSENT, UNKNOWN)):
        for name in names:
            if is_open and not name.strip():
                return {}, 'a class has no name'
            if is_open:
                index.setdefault(name, len(index))
            if name not in index:
                return {}, f'there is no class {name!r:.200} in the class list'
            label = index[name]
            if label in found and found[label] == mark != UNKNOWN:
                return {}, f'the class {name!r:.200} is named twice'
            if found.get(label, UNKNOWN) != UNKNOWN != mark:
                return {}, f'the class {name!r:.200} is present and absent'
            found.setdefault(label, mark)
    return found, ''


def sort_classes(marked: MarkedLabels) -> MarkedLabels:
    """Order the classes of a source without a list: numbers, then names."""
    names = marked.classes
    # Python reads no number of thousands of digits.
    numbers = [x.isdecimal() and len(x) < MANY_DIGITS for x in names]
    order = sorted(
        range(len(names)),
        key=lambda n: (
            not numbers[n],
            int(names[n]) if numbers[n] else 0,
            names[n],
        ),
    )
    new = np.empty(len(names), np.int32)
    new[order] = np.arange(len(names), dtype=np.int32)
    return replace(
        marked,
        classes=[names[n] for n in order],
        labels=new[marked.labels],
    )
