"""The demo data are DigitScenes, as a person would have them."""

import csv

import cv2
import numpy as np
import pytest
from mmengine.dataset import Compose

from mmwsml.datasets import DigitScenes
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.recipe.demo_data import write_demo_data


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp('demo') / 'data'
    write_demo_data(folder, 44)
    return folder


def rows(path):
    with path.open(newline='') as file:
        return list(csv.reader(file))


def test_there_is_what_was_asked_for_and_nothing_else(folder):
    names = {path.name for path in folder.iterdir()}
    tables = {'labels.csv', 'val.csv', 'test.csv'}
    assert names == {'images', 'README.txt', *tables}
    counts = {p.name: len(list(p.iterdir())) for p in folder.glob('images/*')}
    assert counts == dict(train=44, val=11, test=11)
    assert len((folder / 'README.txt').read_text().splitlines()) == 5


def test_the_kept_labels_are_those_of_the_configs(folder, digit_scenes):
    dataset = DigitScenes('train', str(digit_scenes), pipeline=[])
    keep = Compose([KeepOnePositive()])
    head, *lines = rows(folder / 'labels.csv')
    assert head[:3] == ['image', 'zero', 'one'] and len(lines) == 44
    for index, (image, *cells) in enumerate(lines):
        sample = keep(dataset.get_data_info(index))
        assert sample['img_path'].endswith(image)
        assert set(cells) == {'1', ''}
        assert [cells.index('1')] == sample['gt_label']
        pixels = cv2.imread(str(folder / 'images' / image))
        assert np.array_equal(pixels, cv2.imread(sample['img_path']))


@pytest.mark.parametrize('split', ['val', 'test'])
def test_other_tables_are_complete(folder, digit_scenes, split):
    dataset = DigitScenes(split, str(digit_scenes), pipeline=[])
    for index, (_, *cells) in enumerate(rows(folder / f'{split}.csv')[1:]):
        present = [k for k, cell in enumerate(cells) if cell == '1']
        assert present == dataset.get_data_info(index)['gt_label']
        assert set(cells) <= {'0', '1'}


def test_the_label_readers_take_the_tables(folder):
    options = ReadOptions(images=str(folder / 'images'))
    bad = BadEntries(skip=False)
    marked = read_labels(str(folder / 'labels.csv'), bad, options)
    assert len(marked) == 44 and len(marked.classes) == 10


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / 'mine.txt').touch()
    with pytest.raises(FileExistsError, match='is no empty folder'):
        write_demo_data(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ['mine.txt']


@pytest.mark.parametrize('num', [39, 4001, 50.0])
def test_a_number_out_of_range_is_refused(tmp_path, num):
    with pytest.raises(ValueError, match='`images` must be'):
        write_demo_data(tmp_path / 'new', num)
    assert not (tmp_path / 'new').exists()
