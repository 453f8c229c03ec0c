"""What stays known of an image does not depend on the processes."""

import pytest
import torch.distributed as dist
from mmengine.dataset import DefaultSampler
from mmengine.registry import DATASETS, DefaultScope

pytestmark = pytest.mark.dist

TRANSFORMS = [
    dict(type='mmwsml.KeepOnePositive'),
    dict(type='mmwsml.KeepCounts', num_pos=1, num_neg=2, num_classes=10),
    dict(type='mmwsml.KeepKnownFraction', fraction=0.3, num_classes=10),
    dict(type='mmwsml.KeepPositiveFraction', fraction=0.4),
    dict(type='mmwsml.KeepPositiveBySize'),
]


def read_labels(transform, root):
    """Read the labels of the images that fall to this process."""
    cfg = dict(
        type='mmwsml.DigitScenes',
        split='train',
        data_root=root,
        indices=100,
        pipeline=[transform],
    )
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        dataset = DATASETS.build(cfg)
    found = {}
    for index in DefaultSampler(dataset, shuffle=True, seed=0):
        sample = dataset[index]
        labels = sample['gt_label'], sample['neg_label']
        found[sample['sample_id']] = labels
    assert len(found) == 100 // dist.get_world_size()
    return found


@pytest.mark.parametrize('transform', TRANSFORMS, ids=lambda t: t['type'])
def test_the_draw_is_the_same_on_1_and_2_processes(
    spread, transform, digit_scenes
):
    root = str(digit_scenes)
    (one,) = spread(read_labels, 1, transform, root)
    first, second = spread(read_labels, 2, transform, root)
    assert {**first, **second} == one
    assert not set(first) & set(second)
