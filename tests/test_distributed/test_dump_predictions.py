"""The result file does not depend on the number of processes."""

import pytest
import torch
from mmengine.dataset import DefaultSampler
from mmengine.evaluator import Evaluator

from mmwsml.evaluation import DumpPredictions

pytestmark = pytest.mark.dist


def write_results(folder, num_images, name):
    """Evaluate the images that fall to this process, in batches of 3."""
    scores = torch.rand(num_images, 5, generator=torch.manual_seed(0))
    path = f'{folder}/{name}.npz'
    metric = DumpPredictions(path)
    metric.collect_dir = f'{folder}/.{name}'
    evaluator = Evaluator(metric)
    evaluator.dataset_meta = dict(classes=tuple('abcde'))
    samples = [
        dict(
            pred_score=scores[n],
            gt_label=torch.tensor([n % 5]),
            neg_label=torch.tensor([(n + 1) % 5, (n + 2) % 5]),
            img_path=f'{n}.png',
            sample_id=f'set/{n}.png',
        )
        for n in DefaultSampler(range(num_images), shuffle=False)
    ]
    for first in range(0, len(samples), 3):
        evaluator.process(samples[first : first + 3])
    return evaluator.evaluate(num_images)


@pytest.mark.parametrize('num_images', [1, 7, 12])
def test_the_file_is_the_same_byte_for_byte(spread, tmp_path, num_images):
    for num_processes in (1, 2, 3):
        args = str(tmp_path), num_images, f'{num_processes}'
        assert spread(write_results, num_processes, *args) == [
            {} for _ in range(num_processes)
        ]
    one, *others = ((tmp_path / f'{n}.npz').read_bytes() for n in (1, 2, 3))
    assert others == [one, one]
