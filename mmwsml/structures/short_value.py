"""A value of a file in a message, however large or deep it is."""

import reprlib

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxstring = _SHORT.maxother = 80
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 12


def short_value(value: object) -> str:
    """Write a value as Python would, cut where it is long or deep.

    Args:
        value (object): What a file holds, at worst megabytes of text or a
            thousand lists one in another.

    Returns:
        str: Of some hundred characters, without a line break.
    """
    return _SHORT.repr(value)
