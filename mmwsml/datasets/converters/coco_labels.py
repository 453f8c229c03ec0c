"""Labels from a COCO JSON, also in LVIS's form."""

from typing import Dict, Iterator, List, Set, Tuple

from .bad_entries import BadEntries
from .named_labels import NamedLabels, Source

HOST = 'http://images.cocodataset.org/'
#: What the items of each list must have.
PARTS = {
    'images': ('id',),
    'annotations': ('image_id', 'category_id'),
    'categories': ('id', 'name'),
}


def read_coco(path: str, data: dict, bad: BadEntries) -> Source:
    """Read ``images``, ``annotations`` and ``categories``.

    A category with an annotation, crowds included, is present. In LVIS's form
    (some image has ``neg_category_ids``) those are absent and the others are
    unknown; without it every other category is absent, but for those of
    ``not_exhaustive_category_ids``, which are unknown.

    Args:
        path (str): The file, for messages.
        data (dict): What it holds.
        bad (BadEntries): Takes images and annotations that break a rule.

    Returns:
        Source: Categories in the file's order, and the images.

    Raises:
        ValueError: If a part is missing.
    """
    for part, keys in PARTS.items():
        _check_part(path, part, keys, data.get(part))
    names = {item['id']: item['name'] for item in data['categories']}
    present = _read_annotations(path, data, names, bad)
    images = _read_images(path, data, names, present, bad)
    return Source(list(names.values()), images)


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
                f'{" and ".join(keys)}, but got {item!r}; take the original '
                'file of annotations.'
            )


def _read_annotations(
    path: str, data: dict, names: Dict[int, str], bad: BadEntries
) -> Dict[int, Set[int]]:
    """Collect the categories of each image."""
    present: Dict[int, Set[int]] = {img['id']: set() for img in data['images']}
    for number, item in enumerate(data['annotations']):
        image, category = item['image_id'], item['category_id']
        if image not in present:
            bad.add(
                f'{path}, annotations[{number}]: there is no image of the id '
                f'{image!r}'
            )
        elif category not in names:
            bad.add(
                f'{path}, annotations[{number}]: there is no category of the '
                f'id {category!r}'
            )
        else:
            present[image].add(category)
    return present


def _read_images(
    path: str,
    data: dict,
    names: Dict[int, str],
    present: Dict[int, Set[int]],
    bad: BadEntries,
) -> Iterator[NamedLabels]:
    is_lvis = any('neg_category_ids' in img for img in data['images'])
    seen: Set[int] = set()
    for number, img in enumerate(data['images']):
        place = f'{path}, images[{number}]'
        positives = present[img['id']]
        if is_lvis:
            absent = set(img.get('neg_category_ids', ()))
        else:
            absent = set(names) - positives
        absent -= set(img.get('not_exhaustive_category_ids', ()))
        unknown = absent - set(names)
        file_name = img.get('file_name') or img.get('coco_url', '')
        if img['id'] in seen:
            bad.add(f'{place}: the id {img["id"]} is there twice')
        elif unknown:
            bad.add(
                f'{place}: there is no category of the id {min(unknown)}, '
                'which it calls absent'
            )
        elif not file_name:
            bad.add(f'{place}: has no `file_name`')
        else:
            seen.add(img['id'])
            yield NamedLabels(
                place,
                file_name.replace(HOST, ''),
                _name(positives, names),
                _name(absent, names),
            )


def _name(ids: Set[int], names: Dict[int, str]) -> List[str]:
    return [names[category] for category in sorted(ids)]
