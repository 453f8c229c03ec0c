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


def cut_text(text: str, width: int = 600) -> str:
    """Cut the middle of a message out that quotes more than it should.

    Args:
        text (str): The message.
        width (int): The letters that stay. Defaults to 600.

    Returns:
        str: The text, or its begin and its end.
    """
    if len(text) <= width:
        return text
    end = width // 3
    return f'{text[: width - end]} ... {text[-end:]}'
