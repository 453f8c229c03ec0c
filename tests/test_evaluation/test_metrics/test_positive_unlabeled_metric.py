import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger

from mmwsml.evaluation import PositiveUnlabeledMetric
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled
from mmwsml.registry import METRICS


@pytest.fixture
def warnings(monkeypatch):
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', messages.append)
    return messages


def samples_of(scores, positive, negatives=()):
    return [
        dict(
            pred_score=torch.as_tensor(z),
            gt_label=torch.as_tensor(np.flatnonzero(y)),
            neg_label=torch.as_tensor(negatives, dtype=torch.long),
        )
        for z, y in zip(scores, positive)
    ]


def measure(samples):
    metric = METRICS.build(dict(type='mmwsml.PositiveUnlabeledMetric'))
    metric.dataset_meta = dict(classes=['cat', 'dog', 'cow'])
    metric.process({}, samples)
    return metric.evaluate(len(samples))


def draw(seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.random((50, 3)).astype('f').round(2)
    return scores, rng.random((50, 3)) < 0.4


def test_is_the_mean_over_the_classes():
    scores, positive = draw()
    expected = positive_unlabeled(scores, positive)
    found = measure(samples_of(scores, positive))
    assert list(found) == ['multi-label/pu_mAP', 'multi-label/pu_AUC']
    assert list(found.values()) == pytest.approx(
        [100 * expected.ap.mean(), 100 * expected.auc.mean()]
    )


@pytest.mark.parametrize('num_ranks', [2, 3])
def test_ranks_share_the_work(num_ranks, on_ranks):
    scores, positive = draw()
    samples = samples_of(scores, positive)
    metrics = [PositiveUnlabeledMetric() for _ in range(num_ranks)]

    def evaluate(rank):
        own = [*samples[rank::num_ranks]]
        if len(own) < -(-len(samples) // num_ranks):
            own.append(samples[0])  # as samplers fill up the last round
        metrics[rank].process({}, own)
        return metrics[rank].evaluate(len(samples))

    alone = measure(samples)
    for found in on_ranks(num_ranks, evaluate):
        assert found == pytest.approx(alone)


def test_observed_negatives_count_as_what_is_unobserved():
    scores, positive = draw()
    positive[:, 2] = False
    chosen = measure(samples_of(scores, positive, negatives=[2]))
    assert chosen == measure(samples_of(scores, positive))


def test_classes_without_a_positive_are_named_and_left_out(warnings):
    scores, positive = draw()
    positive[:, 1] = False
    positive[:, 2] = np.arange(50) < 9
    found = measure(samples_of(scores, positive))
    assert found['multi-label/pu_classes_left_out'] == 1
    ap = positive_unlabeled(scores, positive).ap
    assert found['multi-label/pu_mAP'] == pytest.approx(100 * np.nanmean(ap))
    assert warnings == [
        'PositiveUnlabeledMetric leaves out 1 of 3 classes without an '
        'observed positive (dog).',
        'PositiveUnlabeledMetric: 1 of 3 classes have fewer than 10 observed '
        'positives (cow), so that their part is mostly chance.',
    ]


def test_a_class_in_all_images_is_left_out(warnings):
    scores, positive = draw()
    positive[:, 0] = True
    found = measure(samples_of(scores, positive))
    assert found['multi-label/pu_classes_left_out'] == 1
    assert warnings == [
        'PositiveUnlabeledMetric leaves out 1 classes that are positive in '
        'all images (cat).'
    ]


@pytest.mark.parametrize(('present', 'said'), [(0, 'none has'), (1, 'each')])
def test_nothing_to_rank_is_refused(present, said, warnings):
    scores, _ = draw()
    positive = np.full((50, 3), bool(present))
    with pytest.raises(ValueError, match=f'undefined: .*{said}'):
        measure(samples_of(scores, positive))
