"""Damage to arrays in files, and to archives of them."""

import io
import json
import random
import re
import zipfile

import numpy as np

from .damage_text import damage_bytes
from .damage_values import damage_tree

TYPES = (
    '|b1 |i1 |u1 <i2 <u2 <i4 <i8 >i8 <u8 <f2 <f4 <f8 <c8 <U1 <U2 |S1 |S3 |V4 '
    '<M8[s] |O <U999999999'
).split()
# fmt: off
SHAPES = (
    (), (0,), (1,), (-1,), (3,), (0, 4), (6, 4), (4, 6), (2**40,), (2**62, 4),
    (10**30,), (60000, 60000), (True, 3),
)
# fmt: on


def damage_array(content: bytes, rng: random.Random) -> bytes:
    """Damage the header of a ``.npy`` file, or its values."""
    kind = rng.randrange(6)
    if kind < 2:
        return damage_bytes(content, rng)
    if kind == 2:
        return _damage_header(content, rng)
    array = np.load(io.BytesIO(content)).copy()
    if kind == 3:
        array = _reshape(array, rng)
    else:
        _set_values(array, rng)
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _damage_header(content: bytes, rng: random.Random) -> bytes:
    """Let the header announce something else than what follows."""
    size = 10 + int.from_bytes(content[8:10], 'little')
    header = content[10:size].decode('latin-1')
    if rng.random() < 0.5:
        text = f"'descr': '{rng.choice(TYPES)}'"
        header = re.sub(r"'descr': ('[^']*'|\[.*?\])", text, header)
    else:
        text = f"'shape': {rng.choice(SHAPES)}"
        header = re.sub(r"'shape': \([^)]*\)", text, header)
    header = header.rstrip().ljust(size - 11) + '\n'
    length = len(header).to_bytes(2, 'little')
    return content[:8] + length + header.encode('latin-1') + content[size:]


def _reshape(array: np.ndarray, rng: random.Random) -> np.ndarray:
    """Write another shape or type, all of it whole."""
    kind = rng.randrange(5)
    if kind == 0:
        return array[: rng.randrange(len(array) + 1)] if array.ndim else array
    if kind == 1:
        return np.concatenate([array, array]) if array.ndim else array
    if kind == 2:
        return array.reshape(-1)
    if kind == 3:
        return array.reshape(1, *array.shape)
    try:
        return array.astype(rng.choice(TYPES[:18]))
    except (TypeError, ValueError):
        return array[..., None]


def _set_values(array: np.ndarray, rng: random.Random) -> None:
    """Set some values to others of the same type."""
    for _ in range(rng.choice([1, 1, 3])):
        if not array.size:
            return
        raw = array.view(np.uint8).reshape(-1) if array.ndim else None
        if raw is None or not len(raw):
            return
        size = array.dtype.itemsize
        first = rng.randrange(array.size) * size
        fill = rng.choice([0, 1, 2, 127, 255, rng.randrange(256)])
        raw[first : first + rng.choice([1, size])] = fill


def damage_archive(content: bytes, rng: random.Random) -> bytes:
    """Damage a member of an ``.npz`` file, or the file."""
    if rng.random() < 0.3:
        return damage_bytes(content, rng)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {x: archive.read(x) for x in archive.namelist()}
    name = rng.choice(sorted(members))
    if name == 'header.npy' and rng.random() < 0.8:
        members[name] = _damage_json_header(members[name], rng)
    elif rng.random() < 0.1:
        del members[name]
    elif rng.random() < 0.1:
        members[name] = np_bytes(np.zeros(2**20, np.uint8))
    else:
        members[name] = damage_array(members[name], rng)
    file = io.BytesIO()
    form = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    with zipfile.ZipFile(file, 'w', form) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return file.getvalue()


def _damage_json_header(content: bytes, rng: random.Random) -> bytes:
    header = json.loads(np.load(io.BytesIO(content)).tobytes())
    text = json.dumps(damage_tree(header, rng)).encode()
    return np_bytes(np.frombuffer(text, np.uint8))


def np_bytes(array: np.ndarray) -> bytes:
    """Return an array as a ``.npy`` file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()
