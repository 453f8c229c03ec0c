import copy
import os
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import ConcatDataset, RepeatDataset
from mmpretrain.datasets import MultiLabelDataset
from torch.utils.data import DataLoader

from mmwsml.datasets import OpenImages
from mmwsml.datasets.open_images_arrays import build_open_images
from mmwsml.registry import DATASETS, METRICS

CONFIG = 'configs/_base_/datasets/openimagesv3-org-224px.py'
A, B, C = '000060e3121c7305', '00007a0000000000', 'ffffffffffffffff'
LINES = [
    f'{A},v,/m/0b,1',
    f'{A},v,/m/0a,0',
    f'{B},v,/m/0c,0',
    f'{C},v,/m/0a,1',
    f'{C},v,/m/0c,1',
]


@pytest.fixture
def root(write_open_images):
    """Build three images."""
    root = write_open_images(LINES)
    build_open_images(str(root), 'train')
    return root


def load(root, **kwargs):
    return OpenImages('train', data_root=str(root), **kwargs)


def infos(dataset):
    return [dataset.get_data_info(index) for index in range(len(dataset))]


def ids(dataset):
    return [Path(info['img_path']).stem for info in infos(dataset)]


def test_reads_known_positives_and_negatives(root):
    labels = [(i['gt_label'], i['neg_label']) for i in infos(load(root))]
    assert labels == [([1], [0]), ([], [2]), ([0, 2], [])]
    assert load(root).get_cat_ids(2) == [0, 2]


def test_a_sample_has_path_id_and_position(root):
    info = load(root).get_data_info(-1)
    assert info['img_path'] == str(root / 'train' / f'{C}.jpg')
    assert info['sample_id'] == f'openimages_v3/train/{C}.jpg'
    assert info['sample_idx'] == 2


def test_the_sample_id_does_not_tell_where_the_images_are(root):
    elsewhere = load(
        root, data_prefix='a', image_path='{id:.2}/{id}.png', namespace='x'
    )
    info = elsewhere.get_data_info(0)
    assert info['img_path'] == str(root / 'a' / '00' / f'{A}.png')
    assert info['sample_id'] == f'x/train/{A}.jpg'


def test_a_caller_may_change_a_sample(root):
    dataset = load(root)
    dataset.get_data_info(0)['gt_label'].clear()
    assert dataset.get_data_info(0)['gt_label'] == [1]


def test_names_its_classes(root):
    dataset = load(root)
    names = ['Name /m/0a', 'Name /m/0b', 'Name /m/0c']
    assert dataset.metainfo['classes'] == dataset.CLASSES == names
    other = load(root, classes=['a', 'b', 'c'], metainfo=dict(task='t'))
    assert other.metainfo == dict(classes=('a', 'b', 'c'), task='t')


def test_refuses_names_for_other_classes(root):
    message = r'counts\.csv has 3 classes, but `classes` names 2; leave'
    with pytest.raises(ValueError, match=message):
        load(root, classes=['a', 'b'])


@pytest.mark.parametrize(
    'indices, expected', [(2, [A, B]), (-1, [C]), ([2, 0], [C, A]), ([], [])]
)
def test_takes_a_part_as_other_data_sets_do(root, indices, expected):
    assert ids(load(root, indices=indices)) == expected
    assert ids(load(root).get_subset(indices)) == expected
    dataset = load(root)
    dataset.get_subset_(indices)
    assert ids(dataset) == expected


def test_a_part_leaves_the_whole_alone(root):
    dataset = load(root)
    part = dataset.get_subset([1])
    assert ids(part.get_subset([0])) == [B] and len(dataset) == 3


def test_a_lazy_data_set_opens_when_it_is_asked(root):
    dataset = load(root, lazy_init=True)
    assert dataset.CLASSES is None and 'positives' not in repr(dataset)
    assert ids(dataset) == [A, B, C]


@pytest.mark.parametrize('indices', [None, [2, 0]])
def test_a_pickle_holds_no_arrays(root, indices):
    dataset = load(root, indices=indices)
    text = pickle.dumps(dataset)
    for path in (root / 'arrays_v1' / 'train').glob('*.npy'):
        assert path.read_bytes()[-16:] not in text
    for other in (pickle.loads(text), copy.deepcopy(dataset)):
        assert infos(other) == infos(dataset)


@pytest.mark.dist
def test_workers_see_the_same_samples(root):
    dataset = load(root)
    loader = DataLoader(dataset, num_workers=2, collate_fn=lambda x: x[0])
    assert list(loader) == infos(dataset)


def test_wrappers_take_it(root):
    both = ConcatDataset([load(root), load(root, namespace='other')])
    assert both[5]['sample_id'] == f'other/train/{C}.jpg'
    assert RepeatDataset(both.datasets[0], 2)[5] == both[2]


@pytest.mark.parametrize('indices', [None, [2, 0], -2])
def test_sample_keys_stand_for_the_sample_ids(root, indices):
    dataset = load(root, indices=indices)
    prefix, keys = dataset.sample_keys()
    assert keys.dtype == np.uint64
    expected = [info['sample_id'] for info in infos(dataset)]
    assert [f'{prefix}/{key:016x}.jpg' for key in keys] == expected


def summary(dataset):
    """Read the lines `name: number` of a dataset's repr."""
    lines = [line.partition(':') for line in repr(dataset).splitlines()]
    return {name.strip(): value.strip() for name, _, value in lines}


@pytest.mark.parametrize(
    'indices, expected', [(None, ['3', '2', '1']), ([0, 1], ['1', '2', '1'])]
)
def test_repr_counts_the_labels(root, indices, expected):
    lines = summary(load(root, indices=indices))
    names = 'Annotated positives', 'Annotated negatives'
    names = *names, 'Images without a positive'
    assert lines['Annotated labels'] == 'partial'
    assert [lines[name] for name in names] == expected


def test_the_summary_looks_no_image_up(root, monkeypatch):
    monkeypatch.setattr(OpenImages, 'get_data_info', None)
    assert summary(load(root))['Annotated positives'] == '3'


@pytest.mark.parametrize('name', ['class_counts.csv', 'ids.npy'])
def test_missing_arrays_name_the_tool_that_builds_them(root, name):
    (root / 'arrays_v1' / 'train' / name).unlink()
    message = rf'{name} is missing; build it with .*openimages\.py .* train\.'
    with pytest.raises(FileNotFoundError, match=message):
        load(root)


def test_refuses_an_image_path_without_id(root):
    with pytest.raises(ValueError, match=r'must hold the whole \{id\}'):
        load(root, image_path='{split}.jpg')


def set_data_folder(monkeypatch, root):
    """Let configs find the data set."""
    folder = root / 'data'
    folder.mkdir()
    (folder / 'openimages_v3').symlink_to(root)
    monkeypatch.setenv('MMWSML_DATA', str(folder))


@pytest.mark.parametrize(
    'loader, split',
    [('train', 'train'), ('val', 'validation'), ('test', 'test')],
)
def test_the_config_reads_each_split(
    write_open_images, monkeypatch, loader, split
):
    root = write_open_images(LINES, split=split)
    build_open_images(str(root), split)
    cv2.imwrite(str(root / split / f'{A}.jpg'), np.zeros((9, 9, 3), np.uint8))
    set_data_folder(monkeypatch, root)
    cfg = Config.fromfile(Path(__file__).parents[2] / CONFIG)
    cfg = cfg[f'{loader}_dataloader']
    assert cfg.batch_size == 72
    sample = DATASETS.build(cfg.dataset)[0]
    assert sample['inputs'].shape == (3, 224, 224)
    labels = sample['data_samples']
    assert labels.gt_label.tolist() == [1]
    assert labels.neg_label.tolist() == [0]
    assert labels.sample_id == f'openimages_v3/{split}/{A}.jpg'


def test_the_config_measures_groups_by_the_counts_of_training(
    root, monkeypatch
):
    set_data_folder(monkeypatch, root)
    cfg = Config.fromfile(Path(__file__).parents[2] / CONFIG)
    metric = METRICS.build({**cfg.test_evaluator, 'groups': 3})
    dataset = load(root)
    metric.dataset_meta = dataset.metainfo
    for info in map(dataset.get_data_info, range(3)):
        labels = {k: torch.tensor(info[k]) for k in ('gt_label', 'neg_label')}
        metric.process({}, [dict(labels, pred_score=torch.zeros(3))])
    found = metric.evaluate(3)
    # Each class has two labels but the second, which has one and comes first.
    assert found['multi-label/mAP_G1'] == 100
    assert found['multi-label/mAP_G2'] == found['multi-label/mAP_G3'] == 50


def test_it_is_a_data_set_of_mmpretrain(root):
    assert isinstance(load(root), MultiLabelDataset)
    assert os.path.isdir(load(root).ann_file)
