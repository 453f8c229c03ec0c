import pytest

from mmwsml.evaluation.class_groups import group_classes, read_class_counts


def test_the_rarest_come_first_and_ties_by_index():
    groups = group_classes([3, 1, 2, 1, 3, 0], 3)
    assert [group.tolist() for group in groups] == [[5, 1], [3, 2], [0, 4]]


def test_groups_that_do_not_divide_differ_by_one():
    groups = group_classes(range(10, 3, -1), 3)
    assert [len(group) for group in groups] == [3, 2, 2]


def test_positives_and_negatives_count_together(tmp_path):
    path = tmp_path / 'counts.csv'
    path.write_text('name,positives,negatives\na,1,2\nb,30,\n')
    assert read_class_counts(path, ['a', 'b'], 2).tolist() == [3, 30]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='none'):
        read_class_counts(tmp_path / 'none.csv', [], 2)


@pytest.mark.parametrize(
    'content, rule',
    [
        (b'positives\n1\n\xe9\n', 'must be UTF-8, but holds the byte 0xe9'),
        (b'positives\n1\n' + b'2' * 200_000, 'line 3: .*larger than field'),
        (b'positives\n1\n-2\n', 'line 3 must have an integer'),
        (b'positives\n1\n' + b'9' * 30, 'line 3 must have an integer'),
    ],
)
def test_a_damaged_file_is_named(tmp_path, content, rule):
    path = tmp_path / 'counts.csv'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf'counts\.csv.*{rule}'):
        read_class_counts(str(path), [], 2)
