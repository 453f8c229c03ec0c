import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.guesses import read_guesses
from mmwsml.label_files.image_finder import ImageFinder
from mmwsml.label_files.observed_labels import Observation

FINDER = ImageFinder(f'x/{n}.jpg' for n in (1, 2, *range(20, 30)))
CLASSES = ['cat', 'hot, dog']
HEADER = 'image,class,score\n'


def read(path, text, skip=False):
    """Read guesses of two classes."""
    path.write_text(text)
    bad = BadEntries(skip)
    return read_guesses(str(path), FINDER, CLASSES, bad), bad


def test_gathers_the_guesses_of_an_image(tmp_path):
    text = HEADER + '1.jpg,"hot, dog",1\n2.jpg,cat,0\n\n1.jpg,cat,0.25\n'
    images, _ = read(tmp_path / 'a.csv', text)
    assert images == {
        'x/1.jpg': Observation('x/1.jpg', [1, 0], [], [1, 0.25]),
        'x/2.jpg': Observation('x/2.jpg', [0], [], [0]),
    }


@pytest.mark.parametrize(
    'line, rule',
    [
        ('1.jpg,cat', r"must have 3 columns, but got \['1\.jpg', 'cat'\]"),
        ('1.jpg,cow,1', "the data set has no class 'cow'"),
        ('9.jpg,cat,1', r"the data set has no image '9\.jpg'"),
        ('1.jpg,cat,1.5', r"the score must be in \[0, 1\], but got '1\.5'"),
        ('1.jpg,cat,nan', r"the score must be in \[0, 1\], but got 'nan'"),
        ('1.jpg,cat,high', r"the score must be in \[0, 1\], but got 'high'"),
        ('2.jpg,cat,0.5', r"'2\.jpg' has 'cat' twice"),
    ],
)
def test_refuses_a_bad_line_or_leaves_it_out(tmp_path, line, rule):
    more = ''.join(f'{n}.jpg,cat,1\n' for n in range(20, 30))
    text = f'{HEADER}2.jpg,cat,1\n{line}\n{more}'
    with pytest.raises(ValueError, match=rf'a\.csv, line 3: {rule}'):
        read(tmp_path / 'a.csv', text)
    images, bad = read(tmp_path / 'a.csv', text, skip=True)
    assert images['x/2.jpg'].positives == [0] and bad.count == 1


def test_refuses_other_columns(tmp_path):
    message = r'a\.csv, line 1: must be image,class,score, but got .*; name'
    with pytest.raises(ValueError, match=message):
        read(tmp_path / 'a.csv', '1.jpg,cat,1\n')
