"""Each image counts once, on any number of processes."""

import numpy as np
import pytest
import torch
import torch.distributed as dist

from mmwsml.evaluation import (
    MeanAveragePrecision,
    ObservedMultiLabelMetric,
    PointingGame,
    PositiveUnlabeledMetric,
)

pytestmark = pytest.mark.dist
NUM_CLASSES = 40  # more than a block


def make_samples(num_images, seed=0):
    """Draw images, some with complete and some with partial labels."""
    rng = np.random.default_rng(seed)
    samples = []
    for n in range(num_images):
        scores = torch.from_numpy(rng.random(NUM_CLASSES).round(2)).float()
        known = torch.from_numpy(rng.permutation(NUM_CLASSES)[:12])
        samples.append(dict(pred_score=scores, gt_label=known[:3]))
        if n % 3:
            samples[-1]['neg_label'] = known[3:]
    return samples


def work(metric, num_images, batch_size):
    """Evaluate a part as mmengine's sampler deals it, padding included."""
    rank, world = dist.get_rank(), dist.get_world_size()
    samples = make_samples(num_images)
    padded = -(-num_images // world) * world
    own = [samples[i % num_images] for i in range(rank, padded, world)]
    for first in range(0, len(own), batch_size):
        metric.process({}, own[first : first + batch_size])
    return metric.evaluate(num_images)


@pytest.mark.parametrize('num_images', [2, 7, 23])
@pytest.mark.parametrize(
    'metric',
    [
        MeanAveragePrecision(),
        ObservedMultiLabelMetric(),
        PositiveUnlabeledMetric(),
    ],
)
def test_three_processes_give_what_one_gives(spread, metric, num_images):
    metric.process({}, make_samples(num_images))
    expected = metric.evaluate(num_images)
    for found in spread(work, 3, metric, num_images, 4):
        assert found == pytest.approx(expected, abs=1e-9)


def work_without_images():
    metric = MeanAveragePrecision()
    own = make_samples(2)[dist.get_rank() : dist.get_rank() + 1]
    if own:
        metric.process({}, own)
    return metric.evaluate(2)


def test_a_process_may_have_no_image(spread):
    one, two, none = spread(work_without_images, 3)
    assert one == two == none


def work_on_broken_scores():
    metric = MeanAveragePrecision()
    samples = make_samples(1)
    if dist.get_rank() == 1:
        samples[0]['pred_score'][3] = np.nan
    metric.process({}, samples)
    return metric.evaluate(2)


def test_a_broken_score_on_one_process_stops_all(spread):
    for error in spread(work_on_broken_scores, 2, fails=True):
        assert '1 of 2 images have scores that are not numbers' in error


def make_games(num_images, seed=0):
    """Draw images of 40 x 40 px with a map and a box for each label."""
    rng = np.random.default_rng(seed)
    samples = []
    for n in range(num_images):
        labels = rng.permutation(4)[: rng.integers(4)]
        x, y = rng.integers(0, 20, 2).tolist()
        instances = [
            dict(bbox=[x, y, x + 20, y + 20], bbox_label=int(label))
            for label in labels
        ]
        maps = torch.from_numpy(rng.random((len(labels), 4, 4)))
        samples.append(
            dict(
                img_path=f'{n}.png',
                pred_score=torch.zeros(4),
                gt_label=torch.from_numpy(labels),
                activation_maps=maps,
                instances=instances,
                **dict.fromkeys(SHAPES, (40, 40)),
            )
        )
    return samples


SHAPES = ('input_shape', 'img_shape', 'ori_shape')


def play_a_part(num_images):
    """Play on a part as mmengine's sampler deals it, padding included."""
    rank, world = dist.get_rank(), dist.get_world_size()
    samples, metric = make_games(num_images), PointingGame()
    padded = -(-num_images // world) * world
    for i in range(rank, padded, world):
        metric.process({}, [samples[i % num_images]])
    return metric.evaluate(num_images)


def test_three_processes_play_as_one(spread):
    metric = PointingGame()
    metric.process({}, make_games(10))
    expected = metric.evaluate(10)
    for found in spread(play_a_part, 3, 10):
        assert found == pytest.approx(expected)
