import os

import numpy as np
import pytest

from mmwsml.datasets import NUSWIDE

IMAGES = {
    'zoos/0598_144768190.jpg': [1, 80],
    'actor/0002_174174086.jpg': [],
    'actor/0005_262041423.jpg': [0],
}
VERSIONS = {'official': 'nusofficial', 'spml': 'nusspml'}
LABELS = 'Groundtruth/TrainTestLabels/Labels_zebra_Train.txt'


def make_infos_without_images(dataset, entries):
    """Stand in for a reader's method that looks for each image."""
    return [
        dict(img_path=path, sample_id=path, gt_label=gt_label)
        for path, gt_label in entries
    ]


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture
def write(tmp_path, write_layout):
    """Write one version of the data set; return its folder."""

    def write_version(version, **splits):
        splits = splits or dict(train=IMAGES)
        write_layout(VERSIONS[version], tmp_path, splits)
        return tmp_path

    return write_version


def test_keeps_the_order_of_the_list_and_images_without_a_label(
    write, version
):
    dataset = NUSWIDE(version, 'train', str(write(version)))
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    assert [info['gt_label'] for info in infos] == list(IMAGES.values())
    ids = [f'nus_{version}/{image}' for image in IMAGES]
    assert [info['sample_id'] for info in infos] == ids
    assert all(os.path.isfile(info['img_path']) for info in infos)
    assert not any('neg_label' in info for info in infos)


def test_reads_the_test_split(write, version):
    root = write(version, train=IMAGES, test={'a/1.jpg': [5]})
    dataset = NUSWIDE(version, 'test', str(root))
    assert len(dataset) == 1 and dataset.get_cat_ids(0) == [5]


def test_its_repr_names_the_version(write, version):
    dataset = NUSWIDE(version, 'train', str(write(version)))
    assert f'Namespace: \tnus_{version}' in repr(dataset)
    assert 'Images without a positive: \t1' in repr(dataset)


def test_knows_the_sizes_of_both_versions(write):
    sizes = dict(official=(161789, 107859), spml=(150000, 60260))
    for version, known in sizes.items():
        root = str(write(version, train=IMAGES, test=IMAGES))
        found = [NUSWIDE(version, s, root) for s in ('train', 'test')]
        assert tuple(dataset.known_size for dataset in found) == known


def test_has_81_classes_in_alphabetical_order():
    classes = NUSWIDE.METAINFO['classes']
    assert len(classes) == 81 and classes == sorted(classes)


@pytest.mark.parametrize(
    'kwargs, rule',
    [
        (dict(version='lite', split='train'), "`version` .*'spml'.*'lite'"),
        (
            dict(version='spml', split='val'),
            "`split` must be 'train' or .*'val'",
        ),
    ],
)
def test_refuses_unknown_versions_and_splits(kwargs, rule):
    with pytest.raises(ValueError, match=rule):
        NUSWIDE(data_root='', **kwargs)


def test_refuses_a_missing_image(write, version):
    root = write(version)
    (root / 'Flickr/actor/0005_262041423.jpg').unlink()
    message = r'0005_262041423\.jpg is missing; check .* skip_bad=True'
    with pytest.raises(FileNotFoundError, match=message):
        NUSWIDE(version, 'train', str(root))
    dataset = NUSWIDE(version, 'train', str(root), skip_bad=True)
    assert len(dataset) == 2 and len(dataset.faults) == 1


def test_refuses_a_truncated_file_of_a_class(write):
    root = write('official')
    (root / LABELS).write_text('1\n0\n')
    message = r'zebra_Train\.txt: .* each of the 3 lines .*, but has 2; down'
    with pytest.raises(ValueError, match=message):
        NUSWIDE('official', 'train', str(root), skip_bad=True)


def test_refuses_a_label_that_is_not_0_or_1(write):
    root = write('official')
    (root / LABELS).write_text('1\n-1\n0\n')
    message = r'Imagelist\.txt, image 2: .*0002_174174086.* of zebra is .*-1'
    with pytest.raises(ValueError, match=message):
        NUSWIDE('official', 'train', str(root))
    dataset = NUSWIDE('official', 'train', str(root), skip_bad=True)
    assert [dataset.get_cat_ids(i) for i in range(2)] == [[1, 80], [0]]


def test_refuses_a_value_in_the_array_that_is_not_0_or_1(write):
    root = write('spml')
    labels = np.load(root / 'formatted_train_labels.npy')
    labels[1, 3] = -1
    np.save(root / 'formatted_train_labels.npy', labels)
    message = (
        r'images\.npy, image 2: .*actor/0002.* must be 0 or 1, .* bear is'
    )
    with pytest.raises(ValueError, match=message):
        NUSWIDE('spml', 'train', str(root))


@pytest.mark.parametrize(
    'name, array',
    [
        ('labels', np.zeros((3, 80))),
        ('labels', np.zeros((2, 81))),
        ('labels', np.zeros(81)),
        ('images', np.zeros(3)),
    ],
)
def test_refuses_arrays_that_do_not_fit(write, name, array):
    root = write('spml')
    np.save(root / f'formatted_train_{name}.npy', array)
    message = r'labels\.npy: labels must be of the shape \(3, 81\), .* got'
    with pytest.raises(ValueError, match=message):
        NUSWIDE('spml', 'train', str(root))


def test_never_unpickles_and_says_how_to_convert(write):
    root = write('spml')
    path = root / 'formatted_train_images.npy'
    np.save(path, np.array(list(IMAGES), object))
    message = r'images\.npy: .* if you trust its source, convert Python obj'
    with pytest.raises(ValueError, match=message):
        NUSWIDE('spml', 'train', str(root))
    np.save(path, np.array(np.load(path, allow_pickle=True).tolist()))
    assert len(NUSWIDE('spml', 'train', str(root))) == 3


def test_refuses_a_truncated_or_missing_array(write):
    root = write('spml')
    path = root / 'formatted_train_labels.npy'
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match=r'labels\.npy: .* download the file'):
        NUSWIDE('spml', 'train', str(root))
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r'labels\.npy: No such file'):
        NUSWIDE('spml', 'train', str(root))


@pytest.mark.realdata
def test_its_classes_are_those_of_a_published_list(real_data):
    path = real_data / 'lists/spml_lists/nuswide_labels.txt'
    assert path.read_text().split() == NUSWIDE.METAINFO['classes']


@pytest.mark.realdata
def test_parses_the_official_test_list(real_data, tmp_path, monkeypatch):
    monkeypatch.setattr(NUSWIDE, 'make_infos', make_infos_without_images)
    source = real_data / 'lists/nuswide/TestImagelist.txt'
    (tmp_path / 'ImageList').mkdir()
    (tmp_path / 'ImageList/TestImagelist.txt').symlink_to(source)
    names = source.read_text().replace('\\', '/').splitlines()
    labels = tmp_path / 'Groundtruth/TrainTestLabels'
    labels.mkdir(parents=True)
    for index, name in enumerate(NUSWIDE.METAINFO['classes']):
        text = '0\n' * index + '1\n' + '0\n' * (len(names) - index - 1)
        (labels / f'Labels_{name}_Test.txt').write_text(text)
    dataset = NUSWIDE('official', 'test', str(tmp_path))
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    assert len(dataset) == dataset.known_size == 107859
    assert [info['img_path'] for info in infos] == names
    labels = [info['gt_label'] for info in infos[:82]]
    assert labels == [*([k] for k in range(81)), []]


def test_one_long_word_is_no_label(write):
    root = write('official')
    path = root / LABELS
    words = path.read_text().split()
    path.write_text('\n'.join([*words[:-1], '1' * 10**6]))
    with pytest.raises(
        ValueError, match='must hold 0 and 1, but has'
    ) as error:
        NUSWIDE('official', 'train', str(root))
    assert len(str(error.value)) < 500


@pytest.mark.parametrize('dtype', ['U1', 'S1'])
def test_labels_must_be_numbers(write, dtype):
    root = write('spml')
    path = root / 'formatted_train_labels.npy'
    np.save(path, np.load(path).astype(int).astype(dtype))
    with pytest.raises(
        ValueError, match=r'labels must be of the shape .*but g'
    ):
        NUSWIDE('spml', 'train', str(root))


def test_names_must_be_made_of_letters(write):
    root = write('spml')
    path = root / 'formatted_train_images.npy'
    content = bytearray(path.read_bytes())
    content[-1] = 0x7F
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match='texts are damaged, a letter is 0x7f'
    ):
        NUSWIDE('spml', 'train', str(root))
