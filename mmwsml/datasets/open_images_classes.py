"""The classes of Open Images and their names."""

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Dict

from mmwsml.structures.short_value import short_value

MAX_CLASSES = 1 << 16  # indices are uint16


def read_classes(path: Path, descriptions: Path) -> Dict[str, str]:
    """Read classes-trainable.txt, in its order.

    Args:
        path (Path): One label name, such as /m/0100nhbf, a line.
        descriptions (Path): class-descriptions.csv.

    Returns:
        dict[str, str]: Label name -> display name. Where two classes share a
        display name, the label name follows it in brackets.

    Raises:
        ValueError: If a line is not the label name of one more class, or a
            class has no display name.
    """
    names = read_descriptions(descriptions)
    classes: Dict[str, str] = {}
    for number, line in enumerate(_read_text(path).splitlines(), 1):
        label = line.strip()
        if label in classes or label not in names:
            raise ValueError(
                f'{path}, line {number}: a line must be a label name of '
                f'{descriptions} that is not listed before, but got '
                f'{label!r:.200}; correct the file or download it again.'
            )
        classes[label] = names[label]
    if not 0 < len(classes) <= MAX_CLASSES:
        raise ValueError(
            f'{path} must list 1 to {MAX_CLASSES} classes, but lists '
            f'{len(classes)}; correct the file or download it again.'
        )
    uses = Counter(classes.values())
    return {
        label: name if uses[name] == 1 else f'{name} ({label})'
        for label, name in classes.items()
    }


def read_descriptions(path: Path) -> Dict[str, str]:
    """Read a class-descriptions.csv of any version (V1: dict.csv).

    Returns:
        dict[str, str]: Label name -> display name.

    Raises:
        ValueError: If a line has not these two columns.
    """
    names: Dict[str, str] = {}
    text = io.StringIO(_read_text(path), newline='')
    lines = csv.reader(text, strict=True)
    try:
        for row in lines:
            if len(row) != 2 or names.get(row[0], row[1]) != row[1]:
                raise csv.Error(f'got {short_value(row)}')
            names[row[0]] = row[1]
    except csv.Error as error:
        raise ValueError(
            f'{path}, line {lines.line_num}: a line must be a label name, '
            f'described once, and a display name, but {error}; correct the '
            'file or download it again.'
        ) from error
    names.pop('LabelName', None)  # the header, since V6
    return names


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding='utf-8')
    except UnicodeDecodeError as error:
        raise ValueError(
            f'{path} must be UTF-8, but byte {error.start} is not; save it '
            'as UTF-8 or download it again.'
        ) from error
