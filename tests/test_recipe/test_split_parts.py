import numpy as np
import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.recipe.read_parts import GivenLabels
from mmwsml.recipe.request import Request
from mmwsml.recipe.split_parts import group_images, split_parts


@pytest.fixture
def images(tmp_path):
    for n in range(40):
        (tmp_path / f'{n}.png').write_text(f'{n % 39:3}')  # 39 is 0 again
    return tmp_path


def read(folder, num=40):
    rows = [f'{n}.png,{n % 2},{n % 3 // 2}' for n in range(num)]
    path = folder / 'labels.csv'
    path.write_text('\n'.join(['image,cat,dog', *rows]) + '\n')
    marked = read_labels(str(path), BadEntries())
    return GivenLabels({'train': marked}, [])


def ask(folder, group=None):
    path = str(folder / 'labels.csv')
    read = ReadOptions(group=group)
    return Request(path, str(folder), str(folder / 'out'), read=read)


def test_copies_and_similar_images_stay_together(images):
    given, request = read(images), ask(images)
    features = np.eye(40, dtype=np.float32)
    features[7] = features[3]
    groups, notes = group_images(given, request, features)
    assert groups[39] == groups[0] and groups[7] == groups[3]
    assert len(set(groups)) == 38
    assert ['same file' in notes[0], 'look the same' in notes[1]] == [True] * 2
    parts = split_parts(given, groups, request)
    assert list(parts) == ['train', 'val', 'test']
    owner = {
        path: name for name, part in parts.items() for path in part.images
    }
    assert len(owner) == 40
    assert owner['0.png'] == owner['39.png']
    assert owner['3.png'] == owner['7.png']


def test_images_that_are_all_alike_are_not_joined(images):
    features = np.ones((40, 4), np.float32)
    groups, notes = group_images(read(images), ask(images), features)
    assert len(set(groups)) == 39
    assert 'cannot be told' in notes[-1]


def test_without_features_nobody_looks(images):
    groups, notes = group_images(read(images), ask(images, 'none'), None)
    assert len(set(groups)) == 39 and len(notes) == 2
    assert notes[1].startswith('Similar images are not looked for')


def test_too_few_images_to_split_are_refused(images):
    given, request = read(images, 2), ask(images)
    with pytest.raises(ValueError, match=r'2 images .* --val and --test'):
        split_parts(given, given.all_images(), request)
