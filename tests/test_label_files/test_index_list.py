import os
from pathlib import Path

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.image_finder import ImageFinder
from mmwsml.label_files.index_list import read_index_list

MORE = [f'x/{n}.jpg' for n in range(20, 30)]
FINDER = ImageFinder(['x/1.jpg', 'x/2, b.jpg', 'x/3.jpg', *MORE])


def read(path, text, skip=False):
    """Read a list of images of four classes."""
    path.write_text(text)
    bad = BadEntries(skip)
    images = read_index_list(str(path), FINDER, 4, bad)
    return {i.sample_id: i.positives for i in images.values()}, bad


def test_reads_the_spellings_that_real_lists_use(tmp_path):
    text = '1.jpg, 0 3\n2, b.jpg,2\n\n3.jpg,\n'
    images, _ = read(tmp_path / 'a.txt', text)
    assert images == {'x/1.jpg': [0, 3], 'x/2, b.jpg': [2], 'x/3.jpg': []}


@pytest.mark.parametrize(
    'line, rule',
    [
        ('3.jpg', r"must be `file,indices`, .* but got '3\.jpg'"),
        ('3.jpg,1;2', 'must be `file,indices`'),
        ('3.jpg,-1', 'must be `file,indices`'),
        ('3.jpg,4', r"the labels of '3\.jpg' are wrong: .* in \[0, 4\)"),
        ('3.jpg,1 1', 'must name a class once'),
        ('4.jpg,1', r"the data set has no image '4\.jpg'"),
        ('1.jpg,1', r"'1\.jpg' is there twice"),
    ],
)
def test_refuses_a_bad_line_or_leaves_it_out(tmp_path, line, rule):
    more = ''.join(f'{name},\n' for name in MORE)
    text = f'1.jpg,0\n{line}\n{more}'
    message = rf'a\.txt, line 2: .*{rule}'
    with pytest.raises(ValueError, match=f'{message}.*; correct it'):
        read(tmp_path / 'a.txt', text)
    images, bad = read(tmp_path / 'a.txt', text, skip=True)
    assert images == {'x/1.jpg': [0], **{name: [] for name in MORE}}
    assert bad.count == 1


@pytest.mark.realdata
@pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
@pytest.mark.parametrize(
    'name, num_classes, size, one_each',
    [
        ('voc_train', 20, 5717, True),
        ('voc_val', 20, 5823, False),
        ('cub_train', 312, 5994, True),
        ('cub_val', 312, 5794, False),
        ('nus_val', 81, 50720, False),
    ],
)
def test_reads_every_line_of_the_real_lists(name, num_classes, size, one_each):
    path = Path(os.environ['MMWSML_DATA']) / f'lists/spml_lists/{name}.txt'
    lines = path.read_text().splitlines()
    finder = ImageFinder(f'x/{line.rpartition(",")[0]}' for line in lines)
    images = read_index_list(str(path), finder, num_classes, BadEntries())
    assert len(images) == len(lines) == size
    counts = {len(image.positives) for image in images.values()}
    assert (counts == {1}) == one_each
