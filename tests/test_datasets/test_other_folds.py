import pytest
from mmengine.registry import init_default_scope

from mmwsml.datasets import OtherFolds
from mmwsml.datasets.infos import iter_infos, iter_observed
from mmwsml.datasets.open_images_arrays import build_open_images
from mmwsml.structures import hash64

ENTRIES = [dict(img_path=f'{n}.png', gt_label=[n % 3]) for n in range(10)]
PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.KeepOnePositive'),
    dict(type='mmwsml.PackPartialLabels'),
]


@pytest.fixture
def cfg(write_dataset):
    """Describe ten images."""
    init_default_scope('mmpretrain')
    kwargs = write_dataset(ENTRIES)
    return dict(type='mmwsml.PartialLabelDataset', pipeline=PIPELINE, **kwargs)


def ids_of(dataset):
    return [info['sample_id'] for info in iter_infos(dataset)]


def fold_with_loops(sample_id, sample_ids, num_folds):
    """Deal the images, in the order of their hashes, to the folds."""
    folds = {}
    for rank, other in enumerate(sorted(sample_ids, key=hash64)):
        folds[other] = rank % num_folds
    return folds[sample_id]


@pytest.mark.parametrize('num_folds', [2, 3, 10])
def test_leaves_out_the_fold_of_the_hashes(cfg, num_folds):
    every = [f'images/{n}.png' for n in range(10)]
    for fold in range(num_folds):
        dataset = OtherFolds(cfg, fold, num_folds)
        assert ids_of(dataset) == [
            image
            for image in every
            if fold_with_loops(image, every, num_folds) != fold
        ]
        assert len(dataset) == len(ids_of(dataset))


def test_an_image_is_what_it_is_in_the_data_set(cfg):
    dataset = OtherFolds(cfg, 0, 2)
    for index, sample_id in enumerate(ids_of(dataset)):
        sample = dataset[index]['data_samples']
        assert sample.sample_id == sample_id
        number = int(sample_id.split('/')[1].split('.')[0])
        assert sample.gt_label.tolist() == [number % 3]
        assert sample.neg_label.tolist() == []
    assert list(dataset.metainfo['classes']) == ['cat', 'dog', 'horse']
    observed = list(iter_observed(dataset))
    assert [info['neg_label'] for info in observed] == [[]] * len(dataset)


def test_the_order_of_the_data_set_changes_no_fold(cfg, write_dataset):
    before = set(ids_of(OtherFolds(cfg, 1, 3)))
    write_dataset(ENTRIES[::-1])
    assert set(ids_of(OtherFolds(cfg, 1, 3))) == before


def test_looks_through_wrappers(cfg, write_open_images):
    root = write_open_images([f'{n:016x},v,/m/0b,1' for n in range(20)])
    build_open_images(str(root), 'train')
    images = dict(
        type='mmwsml.OpenImages',
        split='train',
        data_root=str(root),
        pipeline=[],
        metainfo=dict(classes=('cat', 'dog', 'horse')),
    )
    repeated = dict(type='RepeatDataset', dataset=cfg, times=3)
    both = dict(
        type='ConcatDataset',
        datasets=[repeated, images],
        ignore_keys=['classes'],
    )
    parts = [ids_of(OtherFolds(both, fold, 2)) for fold in range(2)]
    assert len(parts[0]) == len(parts[1]) == 15
    assert not set(parts[0]) & set(parts[1])


def test_shows_what_is_left_out(cfg):
    text = repr(OtherFolds(cfg, 1, 5))
    assert text.startswith('8 images, without fold 1 of 5, of\nDataset Part')


@pytest.mark.parametrize('num_folds', [0, 1, 11])
def test_refuses_a_number_of_folds(cfg, num_folds):
    message = r'`num_folds` must be in \[2, 10\], the number of images, but'
    with pytest.raises(ValueError, match=message):
        OtherFolds(cfg, 0, num_folds)


@pytest.mark.parametrize('fold', [-1, 2])
def test_refuses_a_fold_that_is_not_there(cfg, fold):
    with pytest.raises(ValueError, match=r'`fold` must be in \[0, 2\), but'):
        OtherFolds(cfg, fold, 2)


def test_refuses_images_without_identity(cfg):
    plain = dict(cfg, type='MultiLabelDataset', pipeline=[])
    with pytest.raises(ValueError, match='have no `sample_id`, which says'):
        OtherFolds(plain, 0, 2)
