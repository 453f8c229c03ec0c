"""Labels from a COCO JSON, also in LVIS's form."""

from collections import Counter
from typing import AbstractSet, Any, Dict, Iterator, List, Optional, Set, Tuple

from mmwsml.label_files.coco_categories import (
    Category,
    Id,
    name_categories,
    say_what_is_left_out,
    to_id,
)

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source

HOST = 'http://images.cocodataset.org/'
#: What the items of each list must have.
PARTS = {
    'images': ('id',),
    'annotations': ('image_id', 'category_id'),
    'categories': ('id', 'name'),
}
#: Of an image in LVIS's form: categories that are absent, and those that are
#: not known to be.
ABSENT, UNSURE = 'neg_category_ids', 'not_exhaustive_category_ids'


def read_coco(path: str, data: dict, bad: BadEntries) -> Source:
    """Read ``images``, ``annotations`` and ``categories``.

    A category with an annotation, crowds included, is present. In LVIS's form
    (some image has ``neg_category_ids``) those are absent and the others are
    unknown; without it ``rest`` says what the others are, but for those of
    ``not_exhaustive_category_ids``, which are unknown. Roboflow's placeholder
    is left out, see :func:`name_categories`.

    Args:
        path (str): The file, for messages.
        data (dict): What it holds.
        bad (BadEntries): Takes images and annotations that break a rule.

    Returns:
        Source: Categories in the file's order, and the images.

    Raises:
        ValueError: If a part is missing, no image has a label, or two
            categories have one id or one name.
    """
    for part, keys in PARTS.items():
        _check_part(path, part, keys, data.get(part))
    is_lvis = any(ABSENT in img for img in data['images'])
    if not data['annotations'] and not is_lvis:
        raise ValueError(
            f'{path}: has no annotation: it does not say what is in its '
            'images; take the file of annotations of this set.'
        )
    categories = _read_categories(path, data['categories'])
    used = {to_id(item['category_id']) for item in data['annotations']}
    for ids in (_ids(img, ABSENT) for img in data['images']):
        used |= set() if None in ids else ids
    place = f'{path}: the names of "categories"'
    names = name_categories(place, categories, used)
    notes = say_what_is_left_out(path, categories, names)
    present = _read_annotations(path, data, names, bad)
    images = _read_images(path, data['images'], names, present, bad)
    rest = 'unknown' if is_lvis else None
    return Source(list(names.values()), images, rest, notes)


def _check_part(
    path: str, part: str, keys: Tuple[str, ...], items: object
) -> None:
    if not isinstance(items, list):
        raise ValueError(
            f'{path}: must have the list "{part}"; take the original file of '
            'annotations.'
        )
    for number, item in enumerate(items):
        if not isinstance(item, dict) or not set(keys) <= set(item):
            raise ValueError(
                f'{path}, {part}[{number}]: must be an object with '
                f'{" and ".join(keys)}, but got {item!r:.200}; take the '
                'original file of annotations.'
            )


def _read_categories(path: str, items: List[dict]) -> Dict[Id, Category]:
    categories: Dict[Id, Category] = {}
    for number, item in enumerate(items):
        key = to_id(item['id'])
        if key is None or key in categories:
            raise ValueError(
                f'{path}, categories[{number}]: the id must be a number or a '
                f'text of its own, but the category {item["name"]!r:.60} has '
                f'{item["id"]!r:.60}; correct the file where it was made.'
            )
        categories[key] = Category(item['name'], item.get('supercategory'))
    return categories


def _read_annotations(
    path: str, data: dict, names: Dict[Id, str], bad: BadEntries
) -> Dict[Optional[Id], Set[Id]]:
    """Collect the categories of each image."""
    present: Dict[Optional[Id], Set[Id]] = {
        to_id(x['id']): set() for x in data['images']
    }
    for number, item in enumerate(data['annotations']):
        image, category = to_id(item['image_id']), to_id(item['category_id'])
        place = f'{path}, annotations[{number}]'
        if image is None or image not in present:
            odd = item['image_id']
            bad.add(f'{place}: there is no image of the id {odd!r:.60}', odd)
        elif category not in names:
            odd = item['category_id']
            bad.add(
                f'{place}: there is no category of the id {odd!r:.60}', odd
            )
        else:
            present[image].add(category)
    bad.judge(len(data['annotations']))
    return present


def _ids(img: dict, key: str) -> Set[Optional[Id]]:
    """Return the ids of an image's list, None among them where one is none."""
    values = img.get(key, [])
    return set(map(to_id, values)) if isinstance(values, list) else {None}


def _read_images(
    path: str,
    images: List[dict],
    names: Dict[Id, str],
    present: Dict[Optional[Id], Set[Id]],
    bad: BadEntries,
) -> Iterator[NamedLabels]:
    counts = Counter(to_id(img['id']) for img in images)
    for number, img in enumerate(images):
        place, key = f'{path}, images[{number}]', to_id(img['id'])
        fault = _find_fault(img, names)
        if key is None:
            fault = f'the id must be a number or a text, but is {img["id"]!r}'
        elif counts[key] > 1:  # which of them do the annotations mean?
            fault = f'the id {img["id"]} is there twice'
        if fault:
            bad.add(f'{place}: {fault}')
            continue
        unsure = (_ids(img, UNSURE) - present[key]) & set(names)
        absent = _ids(img, ABSENT) - unsure
        yield NamedLabels(
            place,
            _file_name(img).replace(HOST, ''),
            _name(present[key], names),
            _name(absent, names),
            _name(unsure, names),
        )
    bad.judge(len(images))


def _file_name(img: dict) -> Any:
    return img.get('file_name') or img.get('coco_url')


def _find_fault(img: dict, names: Dict[Id, str]) -> str:
    if not isinstance(_file_name(img), str):
        return 'has no `file_name`'
    for key in (ABSENT, UNSURE):
        ids = _ids(img, key)
        if None in ids:
            return f'`{key}` must be a list of ids, but is {img[key]!r:.60}'
        if key == ABSENT and ids - set(names):
            odd = min(ids - set(names), key=str)
            return (
                f'there is no category of the id {odd}, which it calls absent'
            )
    return ''


def _name(ids: AbstractSet[Optional[Id]], names: Dict[Id, str]) -> List[str]:
    return [names[x] for x in sorted(names.keys() & ids, key=str)]
