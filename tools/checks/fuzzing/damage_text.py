"""Damage to bytes and to lines of text."""

import random

#: What a cell or a word becomes.
# fmt: off
WORDS = (
    b'', b' ', b'0', b'-1', b'2', b'0.5', b'1e999', b'nan', b'x', b'None',
    b'cat', b'..', b'../../a.jpg', b'/etc/hosts', b'C:\\a.jpg', b'caf\xe9',
    b'\xef\xbb\xbf', b'\x00', b'"', b'a"b', b'"a\nb"', b'=1+1',
    '\u732b\U0001f63a'.encode(), b'9' * 5000, b'y' * 150_000,
)
# fmt: on
SEPARATORS = (b',', b'\n', b' ', b'\t', b';', b'"', b'<', b'>', b'\r')


def damage_bytes(content: bytes, rng: random.Random) -> bytes:
    """Flip, cut, repeat or insert some bytes."""
    data = bytearray(content)
    first = rng.randrange(len(data) + 1)
    last = min(len(data), first + rng.choice([1, 2, 8, 64]))
    kind = rng.randrange(8)
    if kind == 0:
        return bytes(data[:first])
    if kind == 1:
        del data[first:last]
    elif kind == 2:
        data[first:first] = data[first:last]
    elif kind == 3:
        data[first:first] = rng.choice(WORDS)
    elif kind == 4:
        data[first:last] = bytes(last - first)
    elif kind == 5:
        data += rng.choice([b'\0' * 64, b'\n', content])
    else:
        for _ in range(rng.choice([1, 1, 2, 5])):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def damage_lines(content: bytes, rng: random.Random) -> bytes:
    """Move lines and cells, or write something else into one."""
    lines = content.split(b'\n')
    row, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(8)
    if kind == 0:
        lines[row], lines[other] = lines[other], lines[row]
    elif kind == 1:
        lines.insert(other, lines[row])
    elif kind == 2:
        del lines[row]
    elif kind == 3:
        lines[row] = rng.choice(WORDS)
    else:
        mark = rng.choice(SEPARATORS)
        cells = lines[row].split(mark)
        cell = rng.randrange(len(cells))
        if kind == 4:
            cells.insert(cell, rng.choice(WORDS))
        elif kind == 5:
            del cells[cell]
        else:
            cells[cell] = rng.choice(WORDS)
        lines[row] = mark.join(cells)
    return b'\n'.join(lines)
