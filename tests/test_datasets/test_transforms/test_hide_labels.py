"""What holds for every transform that draws labels."""

import copy
import pickle

import numpy as np
import pytest
from mmengine.dataset import ConcatDataset, DefaultSampler, RepeatDataset
from mmpretrain.datasets import MultiLabelDataset
from torch.utils.data import DataLoader

from mmwsml.datasets import DigitScenes, PartialLabelDataset
from mmwsml.datasets.transforms import (
    AddSampleId,
    KeepCounts,
    KeepKnownFraction,
    KeepOnePositive,
    KeepPositiveByFrequency,
    KeepPositiveByLocation,
    KeepPositiveBySize,
    KeepPositiveFraction,
    LoadImage,
    PackPartialLabels,
)

TRANSFORMS = [
    KeepOnePositive(),
    KeepCounts(num_pos=1, num_neg=2, num_classes=10),
    KeepKnownFraction(fraction=0.3, num_classes=10),
    KeepPositiveFraction(fraction=0.4),
    KeepPositiveBySize(),
    KeepPositiveByLocation(),
    KeepPositiveByFrequency(counts=range(10)),
]
every_transform = pytest.mark.parametrize(
    'transform', TRANSFORMS, ids=lambda transform: type(transform).__name__
)


@pytest.fixture(scope='module')
def make_scenes(scenes_root):
    """Return a maker of 24 scenes under a transform."""
    whole = DigitScenes('val', data_root=str(scenes_root), indices=24)

    def make(transform):
        dataset = copy.deepcopy(whole)
        dataset.pipeline.transforms = [LoadImage(), transform]
        return dataset

    return make


def draw(dataset, num_workers=0, sampler=None):
    """Map each image of an epoch to the labels that stay known."""
    loader = DataLoader(
        dataset,
        4,
        num_workers=num_workers,
        sampler=sampler,
        collate_fn=labels_of,
    )
    return {image: labels for batch in loader for image, labels in batch}


def labels_of(batch):
    keys = ('gt_label', 'neg_label')
    return [(i['sample_id'], [i[key] for key in keys]) for i in batch]


@every_transform
def test_epochs_workers_and_copies_see_one_draw(make_scenes, transform):
    dataset = make_scenes(transform)
    first = draw(dataset)
    assert len(first) == 24 and len({str(x) for x in first.values()}) > 3
    assert first == draw(dataset) == draw(dataset, num_workers=2)
    unpickled = pickle.loads(pickle.dumps(transform))
    assert first == draw(make_scenes(unpickled))


@every_transform
def test_every_rank_sees_the_draw_of_one_process(make_scenes, transform):
    dataset, union = make_scenes(transform), {}
    for rank in range(2):
        sampler = DefaultSampler(dataset, shuffle=True, seed=0)
        sampler.rank, sampler.world_size = rank, 2
        sampler.num_samples = 12
        union.update(draw(dataset, sampler=sampler))
    assert union == draw(dataset)


@every_transform
def test_wrapped_datasets_see_the_draw_of_one(make_scenes, transform):
    dataset = make_scenes(transform)
    halves = [
        dataset.get_subset(range(*bounds)) for bounds in ((12, 24), (0, 12))
    ]
    assert draw(ConcatDataset(halves)) == draw(dataset)
    assert draw(RepeatDataset(dataset, times=2)) == draw(dataset)


@pytest.mark.parametrize(
    'transform',
    [t for t in TRANSFORMS if 'By' not in type(t).__name__],
    ids=lambda transform: type(transform).__name__,
)
def test_moved_data_of_any_reader_keep_their_draw(
    write_dataset, tmp_path, transform
):
    entries = [
        dict(img_path=f'{n}.png', gt_label=[0, 1, 2]) for n in range(12)
    ]
    draws = []
    for root in (tmp_path / 'here', tmp_path / 'over' / 'there'):
        kwargs = write_dataset(entries, root=root)
        add_id = AddSampleId('images', str(root / 'images'))
        host = MultiLabelDataset(pipeline=[add_id, transform], **kwargs)
        ours = PartialLabelDataset(
            labels='complete', pipeline=[transform], **kwargs
        )
        draws += [draw(ours), draw(host)]
    assert all(other == draws[0] for other in draws)


@every_transform
def test_nothing_tells_of_the_hidden_labels(make_scenes, transform):
    hints = dict(gt_score=[1], gt_label_difficult=[3], gt_bboxes=[[0] * 4])
    dataset = make_scenes(transform)
    for index in range(24):
        info = {**dataset.get_data_info(index), **hints}
        truth = set(info['gt_label'])
        packed = PackPartialLabels()(transform(LoadImage()(info)))
        sample = packed['data_samples']
        assert set(sample.keys()) == {'gt_label', 'neg_label'}
        assert set(sample.gt_label.tolist()) <= truth
        assert not set(sample.neg_label.tolist()) & truth
        assert not {'instances', *hints} & set(info)


@every_transform
def test_an_unknown_label_stays_unknown(make_scenes, transform):
    dataset = make_scenes(transform)
    for index in range(24):
        info = LoadImage()(dataset.get_data_info(index))
        absent = sorted(set(range(10)) - set(info['gt_label']))[:4]
        known = dict(gt_label=info['gt_label'][:1], neg_label=absent[:2])
        hidden = transform({**info, **known})
        assert set(hidden['gt_label']) <= set(known['gt_label'])
        assert set(hidden['neg_label']) <= set(known['neg_label'])


@every_transform
def test_labels_in_arrays_draw_like_labels_in_lists(make_scenes, transform):
    info = LoadImage()(make_scenes(transform).get_data_info(0))
    array = dict(info, gt_label=np.array(info['gt_label'], dtype=np.int32))
    hidden = transform(array)
    assert hidden['gt_label'] == transform(dict(info))['gt_label']
    labels = hidden['gt_label'] + hidden['neg_label']
    assert all(type(label) is int for label in labels)


@every_transform
def test_an_image_without_a_label_keeps_none(transform):
    bare = dict(sample_id='x/1', gt_label=[], neg_label=[])
    hidden = transform(bare)
    assert hidden['gt_label'] == hidden['neg_label'] == []


@every_transform
def test_an_image_without_identity_is_refused(transform):
    message = r'1\.png has no `sample_id`: put mmwsml\.AddSampleId first'
    with pytest.raises(KeyError, match=message):
        transform(dict(img_path='1.png', gt_label=[0]))


@every_transform
def test_shows_its_arguments(transform):
    text = repr(transform)
    assert text.startswith(f'{type(transform).__name__}(seed=0')
    assert '_' not in text.replace('num_', '')


def test_two_kinds_of_transforms_draw_independently():
    kept = KeepPositiveFraction(0.5)
    again = KeepKnownFraction(0.5, num_classes=1000)
    info = dict(sample_id='x/1', gt_label=range(1000))
    both = again(kept(info))['gt_label']
    assert 200 < len(both) < 300  # of 1000: a quarter, not a half
