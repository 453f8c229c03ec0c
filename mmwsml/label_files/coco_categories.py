"""The categories of a file in COCO's form."""

from typing import Any, Collection, Dict, List, NamedTuple, Optional, Union

from .class_names import check_names

#: A number, or a text that is none.
Id = Union[int, str]


class Category(NamedTuple):
    """What is read of an entry of ``categories``."""

    name: Any
    supercategory: object = None


def to_id(value: object) -> Optional[Id]:
    """Return an id such that 1, 1.0 and '1' are one; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    is_number = isinstance(value, str) and value.isdecimal()
    return int(value) if is_number and str(int(value)) == value else value


def name_categories(
    place: str, categories: Dict[Id, Category], used: Collection[Optional[Id]]
) -> Dict[Id, str]:
    """Name the classes: the categories without Roboflow's placeholder.

    Roboflow puts the name of the project first, as a category that is the
    ``supercategory`` of all others and has no annotation: no image was looked
    through for it.

    Args:
        place (str): File and part, for a message.
        categories (dict[int | str, Category]): By their ids, in the order of
            the file.
        used (Collection[int | str]): Those that some image has, or is said
            not to have.

    Returns:
        dict[int | str, str]: Names by their ids.

    Raises:
        ValueError: If a name is no text, or two are equal.
    """
    kept = {
        number: category.name
        for number, category in categories.items()
        if number in used or not _is_placeholder(number, categories)
    }
    check_names(place, list(kept.values()))
    return kept


def say_what_is_left_out(
    path: str, categories: Dict[Id, Category], kept: Dict[Id, str]
) -> List[str]:
    """Write a sentence for each category that :func:`name_categories` drops.

    Args:
        path (str): The file.
        categories (dict[int | str, Category]): All of them.
        kept (dict[int | str, str]): Those that are classes.
    """
    return [
        f'{path}: the category {category.name!r} is left out: it has no '
        'annotation, and its name is the supercategory of all others.'
        for number, category in categories.items()
        if number not in kept
    ]


def _is_placeholder(number: Id, categories: Dict[Id, Category]) -> bool:
    name = categories[number].name
    others = [
        category.supercategory == name
        for key, category in categories.items()
        if key != number
    ]
    return bool(others) and all(others)
