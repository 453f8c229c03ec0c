import pytest

from mmwsml.structures.format_version import (
    FORMAT_VERSION,
    NewerFormatError,
    check_format_version,
)
from mmwsml.version import __version__


def test_what_names_no_version_is_of_the_first():
    assert check_format_version(None, 'a.json') == 1
    assert check_format_version(FORMAT_VERSION, 'a.json') == FORMAT_VERSION


def test_a_later_version_is_refused_with_both_versions():
    message = (
        rf'a\.json: is of format version {FORMAT_VERSION + 1}, but mmwsml '
        rf'{__version__} reads {FORMAT_VERSION} at most; upgrade mmwsml'
    )
    with pytest.raises(NewerFormatError, match=message):
        check_format_version(FORMAT_VERSION + 1, 'a.json')


@pytest.mark.parametrize('found', [0, -1, True, '1', 1.0, [1]])
def test_what_is_no_version_is_refused(found):
    with pytest.raises(ValueError, match='must be a number from 1, but is'):
        check_format_version(found, 'a.json')
