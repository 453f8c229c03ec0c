"""What may be the names of the classes."""

from collections import Counter


def check_names(place: str, names: object) -> None:
    """Refuse what is no list of distinct names.

    Args:
        place (str): File and part, for the message.
        names (object): What stands there.

    Raises:
        ValueError: If it is no list or empty, or a name is no text, empty or
            there twice.
    """
    fault = ''
    if not isinstance(names, (list, tuple)) or not names:
        fault = f'got {names!r:.200}'
    else:
        odd = [x for x in names if not isinstance(x, str) or not x.strip()]
        twice = [x for x, n in Counter(map(str, names)).items() if n > 1]
        if odd:
            fault = f'holds {odd[0]!r:.60}'
        elif twice:
            fault = f'holds {twice[0]!r:.60} twice'
    if fault:
        raise ValueError(
            f'{place} must be a list of distinct names, each a text, but '
            f'{fault}; name each class once, in quotes.'
        )
