"""JSON that others wrote, read without a surprise."""

import json
import re
from typing import Any, Callable, Optional, Union

#: An escaped half of a pair, which JSON may hold and UTF-8 may not.
_HALF = re.compile(r'\\u[dD][89a-fA-F]')


def parse_json(
    text: Union[str, bytes],
    object_hook: Optional[Callable] = None,
    pairs_hook: Optional[Callable] = None,
) -> Any:
    """Parse a text that may hold anything.

    Args:
        text (str | bytes): The text, or its bytes in UTF-8.
        object_hook (Callable, optional): As in :func:`json.loads`.
        pairs_hook (Callable, optional): Its ``object_pairs_hook``.

    Returns:
        Any: The value. Each text in it can be written in UTF-8.

    Raises:
        ValueError: If it is no JSON, nested too deeply, or holds a text that
            UTF-8 cannot; the message says why and names no file.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode('utf-8-sig')
        value = json.loads(
            text, object_hook=object_hook, object_pairs_hook=pairs_hook
        )
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError('its lists are nested too deeply') from None
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise ValueError(
            'it holds a text that is not UTF-8, such as '
            f'{error.object[error.start : error.end]!r}'
        ) from None
    return value
