import os
from pathlib import Path

import pytest

from mmwsml.datasets.open_images_classes import read_classes, read_descriptions

NAMES = '/m/0a,Cat\n/m/0b,"Ducks, geese"\n/g/1c,Bow\n/m/0d,Bow\n'


@pytest.fixture
def write(tmp_path):
    """Write both files; return their paths."""

    def write(trainable, names=NAMES):
        paths = tmp_path / 'classes-trainable.txt', tmp_path / 'names.csv'
        for path, text in zip(paths, (trainable, names)):
            path.write_bytes(text if type(text) is bytes else text.encode())
        return paths

    return write


def test_classes_are_in_the_order_of_the_file(write):
    classes = read_classes(*write('/m/0b\n/m/0a\n'))
    assert list(classes.items()) == [
        ('/m/0b', 'Ducks, geese'),
        ('/m/0a', 'Cat'),
    ]


@pytest.mark.parametrize('end', ['\n', '\r\n'])
def test_reads_any_line_end_and_a_header(write, end):
    names = f'LabelName,DisplayName{end}/m/0a,Cat{end}/m/0b,"D, é"'
    classes = read_classes(*write(f'/m/0a{end}/m/0b', names))
    assert classes == {'/m/0a': 'Cat', '/m/0b': 'D, é'}


def test_a_name_of_two_classes_is_made_distinct(write):
    classes = read_classes(*write('/g/1c\n/m/0d\n/m/0a\n'))
    assert list(classes.values()) == ['Bow (/g/1c)', 'Bow (/m/0d)', 'Cat']


def test_a_name_of_one_trainable_class_stays(write):
    assert read_classes(*write('/m/0d\n')) == {'/m/0d': 'Bow'}


@pytest.mark.parametrize(
    'trainable, line, value',
    [('/m/0a\n/m/0x\n', 2, '/m/0x'), ('/m/0a\n\n', 2, '')],
)
def test_refuses_a_class_without_a_name(write, trainable, line, value):
    message = f'trainable.txt, line {line}: .* label name of .* got {value!r}'
    with pytest.raises(ValueError, match=message):
        read_classes(*write(trainable))


def test_refuses_a_class_listed_twice(write):
    with pytest.raises(ValueError, match=r'line 3: .* not listed before'):
        read_classes(*write('/m/0a\n/m/0b\n/m/0a\n'))


def test_refuses_no_class(write):
    with pytest.raises(ValueError, match='1 to 65536 classes, but lists 0'):
        read_classes(*write(''))


@pytest.mark.parametrize(
    'line', ['/m/0e', '/m/0e,a,b', '', '/m/0a,Not a cat', '/m/0e,"Cat']
)
def test_refuses_a_malformed_description(write, line):
    _, path = write('', f'{NAMES}{line}\n')
    with pytest.raises(ValueError, match=r'names\.csv, line 5: .*; correct'):
        read_descriptions(path)


def test_refuses_another_encoding(write):
    _, path = write('', b'/m/0a,Caf\xe9\n')
    with pytest.raises(ValueError, match=r'names\.csv must be UTF-8, but by'):
        read_descriptions(path)


@pytest.mark.realdata
@pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
@pytest.mark.parametrize(
    'name, size', [('dict.csv', 7881), ('oidv6-class-descriptions.csv', 19994)]
)
def test_reads_the_real_descriptions(name, size, tmp_path):
    path = Path(os.environ['MMWSML_DATA']) / 'lists' / 'openimages' / name
    names = read_descriptions(path)
    assert len(names) == size
    assert names['/m/010jjr'].lower() == 'amusement park'
    (tmp_path / 'all.txt').write_text('\n'.join(names))
    classes = read_classes(tmp_path / 'all.txt', path)
    assert len(set(classes.values())) == size
