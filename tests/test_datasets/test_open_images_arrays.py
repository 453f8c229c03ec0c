import csv
import random

import pytest

from mmwsml.datasets import open_images_arrays
from mmwsml.datasets.open_images_arrays import (
    build_open_images,
    check_image_path,
)
from mmwsml.structures import LabelArrays

CLASSES = '/m/0a', '/m/0b', '/m/0c'
LABELS = *CLASSES, '/m/0x', '/m/0y'
A, B, C = '000060e3121c7305', '00007a0000000000', 'ffffffffffffffff'
SUBSET = [f'{A},v,/m/0b,1', f'{A},v,/m/0a,0', f'{C},v,/m/0a,1']


def random_lines(seed):
    """Draw labels of 40 images, a few of them twice, in random order."""
    rng = random.Random(seed)
    images = [f'{rng.getrandbits(64):016x}' for _ in range(40)]
    pairs = [(i, label) for i in images for label in LABELS]
    signs = [(*pair, rng.randint(0, 1)) for pair in rng.sample(pairs, 80)]
    lines = [f'{image},v,{label},{sign}' for image, label, sign in signs]
    lines += rng.sample(lines, 8)
    rng.shuffle(lines)
    return images, lines


def build_with_loops(lines, images, keep_unlabelled):
    """Collect the lines of each image."""
    found = {image: (set(), set()) for image in images}
    for line in lines:
        image, _, label, sign = line.split(',')
        if label in CLASSES:
            found[image][sign == '0'].add(CLASSES.index(label))
    return [
        (int(image, 16), sorted(positives), sorted(negatives))
        for image, (positives, negatives) in sorted(found.items())
        if keep_unlabelled or positives or negatives
    ]


def built(root, split='train'):
    return list(LabelArrays(root / 'arrays_v1' / split))


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('keep_unlabelled', [False, True])
def test_equals_lines_collected_in_loops(
    write_open_images, seed, keep_unlabelled
):
    images, lines = random_lines(seed)
    titles = [f'{image},"a, ""b"""' for image in images]
    root = write_open_images(lines, titles, end='\r\n')
    build_open_images(str(root), 'train', None, keep_unlabelled)
    expected = build_with_loops(lines, images, keep_unlabelled)
    assert built(root) == expected
    assert len(expected) == 40 or not keep_unlabelled


def test_the_order_of_the_lines_does_not_matter(write_open_images, tmp_path):
    _, lines = random_lines(9)
    roots = tmp_path / 'any', tmp_path / 'sorted'
    for root, order in zip(roots, (lines, sorted(lines))):
        write_open_images(order, root=root)
        build_open_images(str(root), 'train')
    assert built(roots[0]) == built(roots[1])


def test_images_without_a_known_label_are_left_out(write_open_images):
    lines = [*SUBSET, f'{B},v,/m/0z,1']
    root = write_open_images(lines, images=[C, B, A])
    report = build_open_images(str(root), 'train')
    assert [image for image, *_ in built(root)] == [int(A, 16), int(C, 16)]
    assert report['images'] == 2
    assert report['images without a known label'] == 1
    assert report['lines of such classes, left out'] == 1


def test_counts_the_labels_of_each_class(write_open_images):
    root = write_open_images(SUBSET)
    report = build_open_images(str(root), 'train')
    path = root / 'arrays_v1' / 'train' / 'class_counts.csv'
    with path.open(newline='') as text:
        rows = list(csv.reader(text))
    assert rows == [
        ['label', 'name', 'positives', 'negatives'],
        ['/m/0a', 'Name /m/0a', '1', '1'],
        ['/m/0b', 'Name /m/0b', '1', '0'],
        ['/m/0c', 'Name /m/0c', '0', '0'],
    ]
    assert report['known positives'] == 2 and report['known negatives'] == 1


def test_equal_lines_are_merged_and_counted(write_open_images):
    root = write_open_images([*SUBSET, SUBSET[0], SUBSET[1], SUBSET[0]])
    report = build_open_images(str(root), 'train')
    assert report['repeated lines, merged'] == 3
    assert built(root)[0] == (int(A, 16), [1], [0])


def test_refuses_a_label_that_is_present_and_absent(write_open_images):
    root = write_open_images([*SUBSET, SUBSET[1], f'{A},w,/m/0a,1'])
    message = (
        rf'human\.csv: .* 1 or 0, but the image {A} has lines of /m/0a with 1 '
        'and with 0; remove one, or pass --skip-bad'
    )
    with pytest.raises(ValueError, match=message):
        build_open_images(str(root), 'train')
    assert not (root / 'arrays_v1' / 'train').exists()
    report = build_open_images(str(root), 'train', skip_bad=True)
    assert built(root)[0] == (int(A, 16), [1], [])
    assert report['labels that are both present and absent'] == 1


def test_refuses_labels_of_an_unknown_image(write_open_images):
    root = write_open_images([*SUBSET, f'{B},v,/m/0b,1'], images=[A, B])
    message = rf'human\.csv: the image {C} must have a line in .*images\.csv'
    with pytest.raises(ValueError, match=message):
        build_open_images(str(root), 'train')
    report = build_open_images(str(root), 'train', skip_bad=True)
    assert [image for image, *_ in built(root)] == [int(A, 16), int(B, 16)]
    assert report['images that images.csv lacks'] == 1


@pytest.mark.parametrize('lines', [[], [f'{A},v,/m/0z,1'], ['']])
def test_refuses_a_split_without_labels(write_open_images, lines):
    root = write_open_images(lines)
    with pytest.raises(ValueError, match='train: no image is there that has'):
        build_open_images(str(root), 'train')


@pytest.mark.parametrize(
    'name',
    [
        'classes-trainable.txt',
        'class-descriptions.csv',
        'train/annotations-human.csv',
    ],
)
def test_refuses_a_missing_file(write_open_images, name):
    root = write_open_images(SUBSET)
    (root / name).unlink()
    with pytest.raises(FileNotFoundError, match=f'{name} is missing; downl'):
        build_open_images(str(root), 'train')


def test_what_is_built_is_not_built_again(write_open_images, monkeypatch):
    root = write_open_images(SUBSET)
    report = build_open_images(str(root), 'train')
    monkeypatch.setattr(open_images_arrays, 'read_split', None)
    assert build_open_images(str(root), 'train') == report


def test_an_interrupted_build_can_be_repeated(write_open_images, monkeypatch):
    root = write_open_images(SUBSET)

    def stop(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(open_images_arrays.csv, 'writer', stop)
        with pytest.raises(KeyboardInterrupt):
            build_open_images(str(root), 'train')
    folders = [p for p in (root / 'arrays_v1').iterdir() if p.is_dir()]
    assert not folders
    build_open_images(str(root), 'train')
    assert len(built(root)) == 2


def make_images(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'1')


def test_finds_missing_and_empty_images(write_open_images):
    root = write_open_images([*SUBSET, f'{B},v,/m/0c,0'])
    make_images(root, f'train/{A}.jpg')
    (root / 'train' / f'{B}.jpg').touch()
    pattern = '{split}/{id}.jpg'
    message = f'the image .*{B}.jpg is missing or empty; download it'
    with pytest.raises(ValueError, match=message):
        build_open_images(str(root), 'train', pattern)
    report = build_open_images(str(root), 'train', pattern, skip_bad=True)
    assert built(root) == [(int(A, 16), [1], [0])]
    assert report['images that are missing or empty'] == 2


def test_finds_images_in_folders_of_another_kind(write_open_images):
    root = write_open_images(SUBSET)
    make_images(root, f'pictures/00/{A}.png', f'pictures/ff/{C}.png')
    build_open_images(str(root), 'train', 'pictures/{id:.2}/{id}.png')
    assert len(built(root)) == 2


@pytest.mark.parametrize('path', ['{idx}.jpg', '{}.jpg', '{id', '{id:d}'])
def test_refuses_an_image_path_that_is_no_pattern(path):
    with pytest.raises(ValueError, match=r'may hold \{split\} and \{id\}'):
        check_image_path(path)


@pytest.mark.parametrize('path', ['', '{split}.jpg', '{id:.2}.jpg'])
def test_refuses_an_image_path_that_is_one_for_many(path):
    with pytest.raises(ValueError, match=r'must hold the whole \{id\}'):
        check_image_path(path)
