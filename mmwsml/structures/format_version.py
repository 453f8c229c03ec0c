"""The version of what mmwsml writes and reads again, often another year."""

from mmwsml.version import __version__

from .short_value import short_value

#: Of records, checkpoints, published models, results and observed labels.
#: One more with each change that an older mmwsml would read wrongly.
FORMAT_VERSION = 1


class NewerFormatError(ValueError):
    """A file is of a later version than this code reads; not damaged."""


def check_format_version(found: object, source: object) -> int:
    """Refuse what a later version of this code has written.

    Args:
        found (int, optional): What the file says. None, because it says
            nothing, is version 1: so wrote mmwsml 0.1.
        source (str | Path): The file, for the message.

    Returns:
        int: From 1 to ``FORMAT_VERSION``.

    Raises:
        NewerFormatError: If the version is later.
        ValueError: If it is none.
    """
    version = 1 if found is None else found
    if type(version) is not int or version < 1:
        raise ValueError(
            f'{source}: its format version must be a number from 1, but is '
            f'{short_value(version)}; copy the file again.'
        )
    if version > FORMAT_VERSION:
        raise NewerFormatError(
            f'{source}: is of format version {version}, but mmwsml '
            f'{__version__} reads {FORMAT_VERSION} at most; upgrade mmwsml.'
        )
    return version
