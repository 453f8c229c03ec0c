import pytest

from mmwsml.label_files.yolo_names import find_names


@pytest.mark.parametrize(
    'text',
    [
        'names: [cat, dog]',
        'nc: 2\nnames:\n  0: cat\n  1: dog\n',
        'names: {1: dog, 0: cat}',
    ],
)
def test_reads_the_names_of_a_yaml_file_in_the_folder_or_above(tmp_path, text):
    (tmp_path / 'data.yaml').write_text(text)
    folder = tmp_path / 'labels' / 'train'
    folder.mkdir(parents=True)
    assert find_names(tmp_path) == find_names(folder) == ['cat', 'dog']


def test_reads_a_list_of_names(tmp_path):
    (tmp_path / 'classes.txt').write_text('cat\nhot dog\n')
    (tmp_path / 'compose.yaml').write_text('services: [a]')
    assert find_names(tmp_path) == ['cat', 'hot dog']


def test_refuses_two_lists_that_differ(tmp_path):
    (tmp_path / 'classes.txt').write_text('cat\ndog\n')
    (tmp_path / 'data.yaml').write_text('names: [dog, cat]')
    with pytest.raises(ValueError, match='name different classes; write'):
        find_names(tmp_path)


@pytest.mark.parametrize(
    'text, rule',
    [
        ('names: [', 'cannot be read as YAML'),
        ('names: {0: cat, 2: dog}', 'must be the numbers from 0 to 1, but'),
        ('names: [cat, no]', 'holds False'),
        ('names: [cat, cat]', "holds 'cat' twice"),
        ('names: []', r'but got \[\]'),
        ('names: cat', ''),
        ('nc: 3', 'labels of YOLO are numbers, and no data.yaml'),
    ],
)
def test_refuses_what_names_no_classes(tmp_path, text, rule):
    (tmp_path / 'data.yaml').write_text(text)
    if not rule:
        assert find_names(tmp_path) == ['cat']
        return
    with pytest.raises(ValueError, match=rule):
        find_names(tmp_path)
