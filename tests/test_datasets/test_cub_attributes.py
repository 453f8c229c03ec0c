import os

import pytest

from mmwsml.datasets import CUBAttributes

SPLITS = dict(
    train={'001.Albatross/b.jpg': [0, 311], '002.Auk/a.jpg': []},
    test={'001.Albatross/a.jpg': [7]},
)
LABELS = 'attributes/image_attribute_labels.txt'


@pytest.fixture
def root(tmp_path, write_layout):
    write_layout('cub', tmp_path, SPLITS)
    return tmp_path


def edit(root, name, old, new):
    path = root / 'CUB_200_2011' / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize('split', SPLITS)
def test_reads_the_images_of_the_split_in_their_order(root, split):
    dataset = CUBAttributes(split, str(root))
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    assert [i['gt_label'] for i in infos] == list(SPLITS[split].values())
    ids = [f'cub/{image}' for image in SPLITS[split]]
    assert [info['sample_id'] for info in infos] == ids
    assert all(os.path.isfile(info['img_path']) for info in infos)
    assert not any('neg_label' in info for info in infos)


def test_classes_are_the_312_attributes(root):
    classes = CUBAttributes('train', str(root)).metainfo['classes']
    assert len(classes) == 312 and classes[311] == 'has_part::a311'


def test_knows_the_sizes_of_the_published_splits(root):
    sizes = [CUBAttributes(s, str(root)).known_size for s in SPLITS]
    assert sizes == [5994, 5794]


@pytest.mark.parametrize('new', ['1 1 1 3 0 1.509', '1 1 1', '1  1\t1 2 2'])
def test_only_the_first_three_fields_count(root, new):
    edit(root, LABELS, '1 1 1 3 27.708', new)
    dataset = CUBAttributes('train', str(root))
    assert dataset.get_cat_ids(0) == [0, 311]


@pytest.mark.parametrize(
    'new', ['1 1', '1 1 2 3 1', '1 313 1 3 1', '9 1 1 3 1', 'x', '1 1 1.0 3']
)
def test_refuses_a_malformed_line_and_names_it(root, new):
    edit(root, LABELS, '1 3 0 3 27.708', new)
    with pytest.raises(ValueError, match=rf'labels\.txt, line 3: .*{new}'):
        CUBAttributes('train', str(root))
    dataset = CUBAttributes('train', str(root), skip_bad=True)
    assert len(dataset) == 1 and dataset.get_cat_ids(0) == []
    assert len(dataset.faults) == 2  # the line, and the image it leaves out


@pytest.mark.parametrize(
    'old, new', [('2 312 0 3 27.708\n', ''), ('2 312 0 3', '2 311 0 3')]
)
def test_refuses_an_image_without_a_line_for_each_attribute(root, old, new):
    edit(root, LABELS, old, new)
    message = r'labels\.txt: image 2 must have one line for each of the 312'
    with pytest.raises(ValueError, match=message):
        CUBAttributes('train', str(root))


@pytest.mark.parametrize(
    'name, old, new, rule',
    [
        ('images.txt', '2 002.Auk/a.jpg', '2', 'line 2: it must be a name'),
        ('images.txt', '2 002', '1 002', 'line 2: 1 must be listed once'),
        ('images.txt', '3 001.Albatross/a.jpg\n', '', '3 is missing, which'),
        ('images.txt', '002.Auk/a.jpg', '001.Albatross/b.jpg', '0 and 1 are'),
        ('images.txt', '002.Auk/a.jpg', '002.Auk/b.jpg', 'b.jpg is missing'),
        ('train_test_split.txt', '2 1', '2 x', r"2: .* one of \('0', '1'\)"),
        ('train_test_split.txt', '2 1\n', '', 'split.txt: 2 is missing'),
        ('../attributes.txt', '5 has_part::a4', '5', 'line 5: it must be'),
    ],
)
def test_refuses_broken_lists(root, name, old, new, rule):
    edit(root, name, old, new)
    with pytest.raises((ValueError, FileNotFoundError), match=rule):
        CUBAttributes('train', str(root))


def test_refuses_names_that_are_not_utf8(root):
    path = root / 'CUB_200_2011/images.txt'
    path.write_bytes(path.read_bytes().replace(b'Auk', b'Auk\xe9'))
    message = r'images\.txt, line 2: the text must be UTF-8, .*xe9'
    with pytest.raises(ValueError, match=message):
        CUBAttributes('train', str(root))


@pytest.mark.parametrize('name', [LABELS, 'images.txt', '../attributes.txt'])
def test_refuses_a_missing_file(root, name):
    (root / 'CUB_200_2011' / name).unlink()
    with pytest.raises(FileNotFoundError, match=r'No such file.*check `data'):
        CUBAttributes('train', str(root))


def test_refuses_an_unknown_split(root):
    with pytest.raises(ValueError, match=r"'train' or 'test', .*'val'"):
        CUBAttributes('val', str(root))


@pytest.mark.slow
@pytest.mark.realdata
def test_has_the_known_sizes_with_the_real_lists(
    real_data, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        CUBAttributes,
        'make_infos',
        lambda self, entries: [
            dict(sample_id=path, gt_label=labels) for path, labels in entries
        ],
    )
    real = real_data / 'lists/cub/CUB_200_2011'
    folder = tmp_path / 'CUB_200_2011'
    (folder / 'attributes').mkdir(parents=True)
    (tmp_path / 'attributes.txt').symlink_to(real / 'attributes.txt')
    for name in ('images.txt', 'train_test_split.txt'):
        (folder / name).symlink_to(real / name)
    images = (real / 'images.txt').read_text().split()[1::2]
    parts = (real / 'train_test_split.txt').read_text().split()[1::2]
    # Attribute k is present where k divides the number of the image.
    with (folder / LABELS).open('w') as file:
        for image in range(1, len(images) + 1):
            file.writelines(
                f'{image} {k} {int(image % k == 0)} 3 27.708\n'
                for k in range(1, 313)
            )
    for split, flag in (('train', '1'), ('test', '0')):
        dataset = CUBAttributes(split, str(tmp_path))
        assert len(dataset) == dataset.known_size
        chosen = [n for n in range(len(images)) if parts[n] == flag]
        for i, n in enumerate(chosen):
            info = dataset.get_data_info(i)
            expected = [k for k in range(312) if (n + 1) % (k + 1) == 0]
            assert info['sample_id'] == images[n]
            assert info['gt_label'] == expected


@pytest.mark.realdata
@pytest.mark.parametrize('split, name', [('train', 'train'), ('test', 'val')])
def test_the_order_is_that_of_a_published_list(real_data, split, name):
    real = real_data / 'lists/cub/CUB_200_2011'
    images = (real / 'images.txt').read_text().split()[1::2]
    parts = (real / 'train_test_split.txt').read_text().split()[1::2]
    flag = str(int(split == 'train'))
    ours = [image for image, part in zip(images, parts) if part == flag]
    lines = (real_data / f'lists/spml_lists/cub_{name}.txt').read_text()
    assert ours == [line.split(',')[0] for line in lines.splitlines()]
