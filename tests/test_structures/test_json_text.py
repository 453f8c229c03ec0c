import pytest

from mmwsml.structures.json_text import parse_json


def test_pairs_of_halves_are_a_letter():
    assert parse_json(rb'["\ud83d\ude00", "\u00e9", "\\ud800"]') == [
        '\U0001f600',
        'é',
        '\\ud800',
    ]


@pytest.mark.parametrize(
    'text, rule',
    [
        ('[' * 100_000, 'its lists are nested too deeply'),
        ('{"a": {"b\\ud800": 1}}', r"not UTF-8, such as '\\ud800'"),
        (b'["\xe9"]', r"not UTF-8, such as b'\\xe9'"),
        ('[1,', 'Expecting value'),
    ],
)
def test_refuses_what_would_fail_later(text, rule):
    with pytest.raises(ValueError, match=rule):
        parse_json(text)
