"""Damage to a tree of values, such as JSON or a checkpoint."""

import copy
import json
import random
from typing import Any, List, Tuple

#: What any value becomes.
# fmt: off
VALUES = (
    None, True, False, 0, 1, -1, 7, 2**31, 2**63, 10**400, 0.5, 1e308,
    float('nan'), float('inf'), '', 'x', 'cat', '1', '../a.jpg', '/etc/hosts',
    'a\0b', 'caf\udce9', '\U0001f63a', 'y' * 200_000, [], {}, [0, 0], [[]],
    [None], ['cat'], {'id': 1}, [{'id': 1}],
)
# fmt: on
DEEP = 'a place for deep lists'


def damage_json(content: bytes, rng: random.Random) -> bytes:
    """Damage the values of a JSON text."""
    tree = damage_tree(json.loads(content), rng)
    text = json.dumps(tree, ensure_ascii=rng.random() < 0.9)
    depth = rng.choice([100, 900, 100_000])
    if rng.random() < 0.02:
        text = text[:-1] + f', "metainfo": {text}}}'
    deep = '[' * depth + ']' * depth
    text = text.replace(json.dumps(DEEP), deep)
    return text.encode(errors='surrogatepass')


def damage_tree(tree: Any, rng: random.Random) -> Any:
    """Return a copy with some values replaced, dropped or moved."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        places = _list_places(tree)
        if not places or rng.random() < 0.01:
            return copy.deepcopy(rng.choice([*VALUES, DEEP]))
        _damage_place(*rng.choice(places), places, rng)
    return tree


def _damage_place(
    parent: Any, key: Any, places: List[tuple], rng: random.Random
) -> None:
    kind = rng.randrange(10)
    if kind == 0:
        del parent[key]
    elif kind == 1 and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(parent[key]))
    elif kind == 1:
        parent[rng.choice(['id', 'x', f'{key}s'])] = parent.pop(key)
    elif kind == 2:
        donor, place = rng.choice(places)
        parent[key] = copy.deepcopy(donor[place])
    elif kind == 3 and isinstance(parent[key], (str, int, float)):
        value = parent[key]
        more = [str(value), [value], {'id': value}, value * 2]
        parent[key] = rng.choice(more)
    elif kind == 4 and rng.random() < 0.1:
        parent[key] = DEEP
    else:
        parent[key] = copy.deepcopy(rng.choice(VALUES))


def _list_places(tree: Any) -> List[Tuple[Any, Any]]:
    """List parent and key of each value below the root."""
    places, stack = [], [tree]
    while stack:
        node = stack.pop()
        keys: Any = ()
        if isinstance(node, dict):
            keys = list(node)
        elif isinstance(node, list):
            keys = range(len(node))
        for key in keys:
            places.append((node, key))
            stack.append(node[key])
    return places
