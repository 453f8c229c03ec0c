import numpy as np
import pytest

from mmwsml.datasets import PartialLabelDataset, ValidationSplit
from mmwsml.datasets.some_images import check_share, draw_images


@pytest.mark.parametrize('share', [0.1, 0.25, 1])
def test_draws_as_the_protocol_for_small_data_sets(share):
    order = np.random.RandomState(999).permutation(103).tolist()
    expected = sorted(order[: round(share * 103)])
    assert draw_images(103, share) == expected


def test_a_larger_share_has_the_images_of_a_smaller_one():
    for size in (7, 1000):
        draws = [set(draw_images(size, n / 10)) for n in range(1, 11)]
        assert all(draws[n] <= draws[n + 1] for n in range(9))
        assert draws[-1] == set(range(size))


@pytest.mark.parametrize('share', [0, -0.1, 1.01])
def test_a_share_outside_the_unit_interval_is_refused(share):
    with pytest.raises(ValueError, match=r'`keep_images` must be in \(0, 1\]'):
        check_share(share)


def test_a_share_that_leaves_no_image_is_refused():
    with pytest.raises(ValueError, match=r'keep_images=0.1 leaves none of 4'):
        draw_images(4, 0.1)


@pytest.fixture
def kwargs(write_dataset):
    """Write 20 images and return the arguments of their data set."""
    names = [f'{n:02}.png' for n in range(20)]
    return write_dataset([dict(img_path=n, gt_label=[0]) for n in names])


def names(dataset):
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    return [info['sample_id'].split('/')[1] for info in infos]


def test_a_data_set_keeps_its_share_in_their_order(kwargs):
    dataset = PartialLabelDataset(**kwargs, keep_images=0.3)
    assert names(dataset) == [f'{n:02}.png' for n in draw_images(20, 0.3)]
    assert dataset.known_size is None


def test_a_split_keeps_a_share_of_its_part(kwargs):
    config = dict(type='mmwsml.PartialLabelDataset', **kwargs)
    whole = names(ValidationSplit(config, 'train'))
    split = ValidationSplit(config, 'train', keep_images=0.5)
    assert names(split) == [whole[i] for i in draw_images(16, 0.5)]
    assert names(ValidationSplit(config, 'val')) == sorted(
        {f'{n:02}.png' for n in range(20)} - set(whole)
    )
