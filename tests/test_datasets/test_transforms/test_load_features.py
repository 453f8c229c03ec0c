import numpy as np
import pytest
import torch

from mmwsml.datasets.transforms import LoadFeatures, PackPartialLabels
from mmwsml.engine.seed import set_seed
from mmwsml.structures import hash64
from mmwsml.structures.feature_writer import FeatureWriter

IDS = [f'images/{n}.jpg' for n in range(4)]


@pytest.fixture
def write(tmp_path):
    """Write features: image n, view v, channel c hold 100 n + 10 v + c."""

    def write(num_views):
        keys = np.array([hash64(i) for i in IDS])
        FeatureWriter.create(tmp_path, np.sort(keys), (num_views, 3), {})
        values = np.add.outer(
            np.add.outer(100 * np.arange(4), 10 * np.arange(num_views)),
            np.arange(3),
        )
        rows = np.argsort(np.argsort(keys))
        FeatureWriter(tmp_path).write(rows, values)
        return str(tmp_path)

    return write


def load(transform, number=1):
    results = dict(sample_id=IDS[number], gt_label=[0], neg_label=[1])
    return transform(results)


@pytest.mark.parametrize('num_views', [1, 2])
def test_the_first_view_becomes_an_image_of_one_pixel(write, num_views):
    results = load(LoadFeatures(write(num_views)))
    packed = PackPartialLabels()(results)
    assert packed['inputs'].shape == (3, 1, 1)
    assert packed['inputs'].dtype == torch.float32
    assert packed['inputs'].flatten().tolist() == [100, 101, 102]
    assert packed['data_samples'].gt_label.tolist() == [0]
    assert packed['data_samples'].neg_label.tolist() == [1]


def test_what_a_batch_changes_does_not_reach_the_next(write):
    transform = LoadFeatures(write(1))
    load(transform)['img'] += 1
    assert load(transform)['img'].flatten().tolist() == [100, 101, 102]


@pytest.mark.parametrize('prob', [0, 0.25, 1])
def test_flips_as_often_as_it_is_told(write, prob):
    transform = LoadFeatures(write(2), flip_prob=prob)
    set_seed(0)
    firsts = [load(transform)['img'].flat[0] for _ in range(2000)]
    assert set(firsts) <= {100, 110}
    assert firsts.count(110) / 2000 == pytest.approx(prob, abs=0.05)
    set_seed(0)  # as EpochSeedHook does
    assert [load(transform)['img'].flat[0] for _ in range(2000)] == firsts


def test_an_image_without_features_is_named(write):
    transform = LoadFeatures(write(1))
    with pytest.raises(KeyError, match='features of the image images/9: extr'):
        transform(dict(sample_id='images/9'))


def test_an_image_without_identity_is_refused(write):
    with pytest.raises(KeyError, match='no `sample_id`: put'):
        LoadFeatures(write(1))(dict(img_path='a.jpg'))


@pytest.mark.parametrize('prob', [-0.1, 1.1])
def test_refuses_a_probability_out_of_range(prob):
    with pytest.raises(ValueError, match=r'`flip_prob` must be in \[0, 1\]'):
        LoadFeatures('anywhere', flip_prob=prob)


def test_refuses_to_flip_without_a_flipped_view(write):
    with pytest.raises(ValueError, match='no features of the flipped images'):
        LoadFeatures(write(1), flip_prob=0.5)


def test_shows_its_arguments(write):
    assert 'flip_prob=0.5)' in repr(LoadFeatures(write(2), 0.5))
