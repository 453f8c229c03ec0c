"""What a person says of a label file: one list of options for every form."""

import argparse
import os
from dataclasses import dataclass, fields
from typing import List, Optional, Sequence, Union

from mmwsml.label_files.text_lines import read_lines

#: Names, also as one text with commas between.
Names = Union[str, Sequence[str]]

#: The help of each option.
HELP = dict(
    image_column='table: column of the images',
    columns='table without a first line of names: the names of its columns, '
    'with commas between, or a file with one a line',
    encoding='of the text, UTF-8 by default',
    suffix='ending of image names that have none, such as .jpg',
    strip_prefix='text to cut off in front of the names of images',
    images='folder where each image must be; paths are found by their end',
    classes='names and order of the classes to take, with commas between, or '
    'a file with one a line; others are left out',
    present='more values that mean present, beside 1, true, yes and x',
    absent='more values that mean absent, beside 0, false and no: --absent=-1',
    unknown='more values that mean unknown, beside an empty cell, NaN and NA',
    tags='column or key with the names of classes, several in a cell or one '
    'a line, or columns with commas between',
    positive_key='JSON: key with the names of the classes that are present, '
    'also of inner objects (shapes.label)',
    negative_key='JSON: key with the names of those that are absent',
    crop_key='JSON: key with the box [x, y, width, height] of a record, which '
    'is cut out of its image as one of its own',
    crops='folder that --crop-key writes to, with the images of the result',
    tag_separator="what is between names in a cell, such as '|'; '': nothing",
    mark_column='one label a line: column that says whether it is present',
    none='the tag that says that nothing is there',
    names='labels by number: file with the name of a class in each line',
    rest='what is not marked: unknown, or absent (looked for, not there)',
    group='column of the group of an image, such as its patient, which '
    '--split keeps together',
    ids='VOC: file with the name of an image in each line',
)


@dataclass(frozen=True)
class ReadOptions:
    """How a label file is read; None: as the file itself says.

    Each is an option of the command line, and a key of ``read`` of
    :class:`mmwsml.PartialLabelDataset`; ``HELP`` says what they mean.
    """

    image_column: Optional[str] = None
    columns: Optional[Names] = None
    encoding: Optional[str] = None
    suffix: Optional[str] = None
    strip_prefix: Optional[str] = None
    images: Optional[str] = None
    classes: Optional[Names] = None
    present: Optional[Names] = None
    absent: Optional[Names] = None
    unknown: Optional[Names] = None
    tags: Optional[str] = None
    positive_key: Optional[str] = None
    negative_key: Optional[str] = None
    crop_key: Optional[str] = None
    crops: Optional[str] = None
    tag_separator: Optional[str] = None
    mark_column: Optional[str] = None
    none: Optional[str] = None
    names: Optional[str] = None
    rest: Optional[str] = None
    group: Optional[str] = None
    ids: Optional[str] = None

    @classmethod
    def add_arguments(
        cls,
        parser: argparse.ArgumentParser,
        leave_out: Sequence[str] = (),
    ) -> None:
        """Give a command line the options, ``--image-column`` and so on.

        Args:
            parser (ArgumentParser): Of the command line.
            leave_out (Sequence[str]): Options that mean nothing there.
                Defaults to (), none.
        """
        group = parser.add_argument_group('how the labels are read')
        for name, text in HELP.items():
            if name in leave_out:
                continue
            group.add_argument(
                f'--{name.replace("_", "-")}',
                help=text,
                choices=['unknown', 'absent'] if name == 'rest' else None,
            )

    @classmethod
    def of(cls, args: argparse.Namespace) -> 'ReadOptions':
        """Take the options out of what :meth:`add_arguments` has parsed."""
        found = vars(args)
        names = [x.name for x in fields(cls) if x.name in found]
        return cls(**{name: found[name] for name in names})


def split_names(names: Optional[Names]) -> List[str]:
    """Return a list of names, also of a text or a file of them.

    Args:
        names (str | Sequence[str], optional): A list; a text with commas
            between the names; or the path of a file with one a line.
            Defaults to None, no name.

    Raises:
        ValueError: If a name of a file is there twice.
    """
    if not isinstance(names, str):
        return list(names or ())
    if os.path.isfile(names):
        return read_names(names)
    return [name.strip() for name in names.split(',')]


def read_names(path: str) -> List[str]:
    """Read a class list, a name a line.

    Raises:
        ValueError: If a name is there twice.
    """
    names: List[str] = []
    for number, line in read_lines(path):
        if line.strip() in names:
            raise ValueError(
                f'{path}, line {number}: {line.strip()!r:.200} is there '
                'twice; name each class once.'
            )
        names.append(line.strip())
    return names
