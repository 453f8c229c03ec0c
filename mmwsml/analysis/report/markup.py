"""HTML in which everything is escaped that is not made here."""

import base64
import html
import json
import re
from typing import Iterable, Union

#: Elements without an end.
VOID = ('br', 'img', 'input', 'meta')
Attribute = Union[str, int, float, bool]


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def escape(text: object) -> Markup:
    """Write any text as HTML; :class:`Markup` stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(str(text)))


def join(parts: Iterable[object]) -> Markup:
    """Write parts one after the other."""
    return Markup(''.join(map(escape, parts)))


def element(tag: str, *children: object, **attributes: Attribute) -> Markup:
    """Write an element.

    Args:
        tag (str): Its name.
        *children: Texts, escaped, and :class:`Markup`.
        **attributes: ``_`` stands for ``-``, one at the end is left out
            (``class_``); False leaves the attribute out, True leaves it
            without a value.
    """
    parts = [tag]
    for name, value in attributes.items():
        name = name.rstrip('_').replace('_', '-')
        if value is True:
            parts.append(name)
        elif value is not False:
            parts.append(f'{name}="{html.escape(str(value))}"')
    start = f'<{" ".join(parts)}>'
    if tag in VOID:
        return Markup(start)
    return Markup(f'{start}{join(children)}</{tag}>')


def data_block(identity: str, value: object) -> Markup:
    """Write a value as JSON for the script of the page.

    No text in it can end the element: the signs of markup are escaped.

    Args:
        identity (str): ``id`` of the element.
        value: What JSON holds; NaN is not among it.
    """
    text = json.dumps(
        value, allow_nan=False, ensure_ascii=False, separators=(',', ':')
    )
    text = re.sub('[<>&]', lambda sign: f'\\u{ord(sign[0]):04x}', text)
    kind = 'application/json'
    return element('script', Markup(text), type=kind, id=identity)


def data_uri(content: bytes, kind: str) -> str:
    """Write a file as an address that holds it.

    Args:
        content (bytes): The file.
        kind (str): Its media type.
    """
    return f'data:{kind};base64,{base64.b64encode(content).decode()}'
