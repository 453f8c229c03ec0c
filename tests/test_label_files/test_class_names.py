import pytest

from mmwsml.label_files.class_names import check_names


def test_distinct_texts_are_names():
    check_names('a.json', ['cat', 'Cat', '0'])
    check_names('a.json', ('cat',))


@pytest.mark.parametrize(
    'names, fault',
    [
        (None, 'got None'),
        ('cat', "got 'cat'"),
        ([], r'got \[\]'),
        ([0, 1], 'holds 0'),
        (['cat', True], 'holds True'),
        (['cat', ' '], "holds ' '"),
        (['cat', 'dog', 'cat'], "holds 'cat' twice"),
    ],
)
def test_refuses_what_could_be_mixed_up(names, fault):
    message = rf'^a\.json must be a list of distinct names, .* but {fault};'
    with pytest.raises(ValueError, match=message):
        check_names('a.json', names)
