import numpy as np
import pytest
import torch
from mmpretrain.evaluation import MultiLabelMetric

from mmwsml.evaluation import ObservedMultiLabelMetric
from mmwsml.evaluation.thresholds import Thresholds, write_thresholds


def random_samples(seed, partial, num_images=20, num_classes=5):
    rng = np.random.default_rng(seed)
    shape = num_images, num_classes
    scores = torch.from_numpy(rng.random(shape, dtype=np.float32).round(1))
    target = rng.random(shape) < rng.choice([0, 0.2, 0.9], num_classes)
    target[0], target[1, 0] = False, True  # of both kinds
    observed = rng.random(shape) < 0.4
    samples = []
    for z, y, kept in zip(scores, target, observed):
        known = np.ones_like(kept) if not partial else kept
        fields = dict(gt_label=torch.from_numpy(np.flatnonzero(y & known)))
        if partial:
            negatives = np.flatnonzero(~y & known)
            fields['neg_label'] = torch.from_numpy(negatives)
        samples.append(dict(pred_score=z, **fields))
    return samples, scores.numpy(), target, observed


def measure(metric, samples):
    metric.process({}, samples)
    return metric.evaluate(len(samples))


def count_with_loops(scores, target, observed, thresholds):
    """Compute the metrics of PAPER.md's classes one entry at a time."""
    ratios, total = [], np.zeros(3)
    for k, thr in enumerate(thresholds):
        counts = np.zeros(3)  # hits, predicted, positives
        for n in range(len(scores)):
            if observed[n, k]:
                said, true = scores[n, k] >= thr, target[n, k]
                counts += [said and true, said, true]
        if not target[observed[:, k], k].all():
            total += counts
            ratios.append(ratios_of(*counts))
    return np.mean(ratios, 0), ratios_of(*total)


def ratios_of(hits, predicted, positives):
    precision = 100 * hits / predicted if predicted else 0
    recall = 100 * hits / positives if positives else 0
    both = predicted + positives
    return precision, recall, 200 * hits / both if both else 0


@pytest.mark.parametrize('thr', [0.0, 0.3, 0.5, 1.0])
def test_complete_labels_give_what_mmpretrain_gives(thr):
    for seed in range(10):
        samples, *_ = random_samples(seed, partial=False)
        found = measure(ObservedMultiLabelMetric(thr), samples)
        scores = torch.stack([s['pred_score'] for s in samples])
        target = [s['gt_label'].tolist() for s in samples]
        for average, end in (('macro', ''), ('micro', '_micro')):
            expected = MultiLabelMetric.calculate(
                scores, target, False, True, average, thr, num_classes=5
            )
            for name, value in zip(NAMES, expected):
                key = f'multi-label/{name}{end}'
                assert found[key] == pytest.approx(value.item(), abs=1e-3)


NAMES = ('precision', 'recall', 'f1-score')


def test_unobserved_labels_do_not_count(tmp_path):
    values = np.float32([0.2, 0.5, 0.5, 0.9, 0.0])
    path = str(tmp_path / 'thresholds.json')
    write_thresholds(path, Thresholds(tuple('abcde'), values))
    for seed in range(20):
        samples, *matrices = random_samples(seed, partial=True)
        metric = ObservedMultiLabelMetric(thresholds=path)
        metric.dataset_meta = dict(classes=tuple('abcde'))
        found = measure(metric, samples)
        macro, micro = count_with_loops(*matrices, values)
        for expected, end in ((macro, ''), (micro, '_micro')):
            keys = [f'multi-label/{name}{end}' for name in NAMES]
            given = [found[key] for key in keys]
            assert given == pytest.approx(expected, abs=1e-6)
        cf1 = 2 * macro[0] * macro[1] / (macro[0] + macro[1] or 1)
        assert found['multi-label/CF1'] == pytest.approx(cf1)


def test_nothing_predicted_and_nothing_true_is_zero():
    sample = dict(pred_score=torch.zeros(2), gt_label=torch.zeros(0).long())
    other = dict(sample, gt_label=torch.tensor([1]))
    found = measure(ObservedMultiLabelMetric(), [sample, other])
    assert set(found.values()) == {0.0}


def test_positives_alone_are_left_out(logged):
    """Class 0 has no negative: of it "present" is always right."""
    samples = [
        dict(
            pred_score=torch.tensor(scores),
            gt_label=torch.tensor(positives),
            neg_label=torch.tensor(negatives).long(),
        )
        for scores, positives, negatives in (
            ([0.9, 0.9], [0, 1], []),
            ([0.9, 0.9], [0], [1]),
        )
    ]
    found = measure(ObservedMultiLabelMetric(), samples)
    expected = [50, 100, 200 / 3]
    for end in ('', '_micro'):
        values = [found[f'multi-label/{name}{end}'] for name in NAMES]
        assert values == pytest.approx(expected)
    assert 'leaves out 1 of 2 classes: 1 of positives alone' in logged[0]
    with pytest.raises(ValueError, match='every model would score the same'):
        measure(ObservedMultiLabelMetric(), samples[:1])


def test_nothing_observed_is_refused():
    none = torch.zeros(0).long()
    sample = dict(pred_score=torch.zeros(2), gt_label=none, neg_label=none)
    with pytest.raises(ValueError, match='of 2 classes none has an observed'):
        measure(ObservedMultiLabelMetric(), [sample])


def test_thresholds_of_other_classes_are_refused(tmp_path):
    path = str(tmp_path / 'thresholds.json')
    write_thresholds(path, Thresholds(('a', 'b'), np.float32([0.5, 0.5])))
    metric = ObservedMultiLabelMetric(thresholds=path)
    metric.dataset_meta = dict(classes=('a', 'c'))
    with pytest.raises(ValueError, match=r'holds thresholds of 2 classes'):
        measure(metric, random_samples(0, False, num_classes=2)[0])


@pytest.mark.parametrize('thr', [-0.1, 1.1, float('nan')])
def test_a_threshold_outside_the_unit_interval_is_refused(thr):
    with pytest.raises(ValueError, match=r'`thr` must be in \[0, 1\]'):
        ObservedMultiLabelMetric(thr)
