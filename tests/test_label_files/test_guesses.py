import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.guesses import (
    gather_guesses,
    read_guesses,
    result_guesses,
)
from mmwsml.label_files.image_finder import ImageFinder
from mmwsml.label_files.observed_labels import Observation
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.label_files.table_reader import read_table_file

FINDER = ImageFinder(f'x/{n}.jpg' for n in (1, 2, *range(20, 30)))
CLASSES = ['cat', 'hot, dog']
OPTIONS = ReadOptions(strip_prefix='q/')
HEADER = 'image,class,score\n'


def read(path, text, skip=False):
    """Read guesses of two classes."""
    path.write_text(text)
    bad = BadEntries(skip)
    guesses = read_guesses(read_table_file(str(path), ReadOptions(), bad))
    if guesses is None:
        return None, bad
    return gather_guesses(guesses, FINDER, CLASSES, OPTIONS, bad), bad


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
        ('1.jpg,cat', 'must have 3 cells, as the first line has, but has 2'),
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


def test_other_tables_hold_no_guesses(tmp_path):
    assert read(tmp_path / 'a.csv', 'image,cat\n1.jpg,1\n')[0] is None


def test_columns_are_found_by_their_names(tmp_path):
    text = 'score;image;more;class\n0.5;1.jpg;z;cat\n'
    images, _ = read(tmp_path / 'a.csv', text)
    assert images['x/1.jpg'] == Observation('x/1.jpg', [0], [], [0.5])


def test_reads_what_infer_predicted(tmp_path):
    text = 'img_path,labels,cat,"hot, dog"\nq/1.jpg,{},0.2,0.75\n'
    lists = '"[""hot, dog""]"', '[]', '"[""hot, dog"", ""cat""]"'
    for names, labels, scores in zip(
        lists, ([1], [], [1, 0]), ([0.75], [], [0.75, 0.2])
    ):
        images, _ = read(tmp_path / 'a.csv', text.format(names)[:-1])
        assert images['x/1.jpg'][1:] == (labels, [], scores)
    for names in ('cat', '"[""cow""]"', '[3]', '3'):
        with pytest.raises(ValueError, match=r'csv, line 2: `labels` must be'):
            read(tmp_path / 'a.csv', text.format(names))


def test_reads_what_infer_predicted_as_json():
    image = dict(img_path='q/1.jpg', labels=['cat'], scores=[0.5, 0])
    data = dict(classes=CLASSES, images=[image])
    guesses = result_guesses('a.json', data)
    images = gather_guesses(guesses, FINDER, CLASSES, OPTIONS, BadEntries())
    assert images == {'x/1.jpg': Observation('x/1.jpg', [0], [], [0.5])}
    for odd in ([], dict(image, labels=['cow']), dict(img_path='1.jpg')):
        with pytest.raises(ValueError, match=r'image 1: must have img_path'):
            list(result_guesses('a.json', dict(data, images=[odd])))
