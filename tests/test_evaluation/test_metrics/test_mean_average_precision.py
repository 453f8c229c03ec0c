import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger
from sklearn.metrics import average_precision_score

from mmwsml.evaluation import MeanAveragePrecision
from mmwsml.registry import METRICS

LEFT_OUT = 'multi-label/classes_left_out'


@pytest.fixture
def warnings(monkeypatch):
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', messages.append)
    return messages


def sample(scores, positives, negatives=None):
    """One data sample as the evaluator hands it over."""
    result = dict(
        pred_score=torch.as_tensor(scores),
        gt_label=torch.as_tensor(positives, dtype=torch.long),
    )
    if negatives is not None:
        result['neg_label'] = torch.as_tensor(negatives, dtype=torch.long)
    return result


def measure(samples, **kwargs):
    metric = MeanAveragePrecision(**kwargs)
    metric.process({}, samples)
    return metric.evaluate(len(samples))


def random_samples(seed, dtype=torch.float32):
    """Draw samples and the matrices (scores, target, observed) of them."""
    rng = np.random.default_rng(seed)
    num_images, partial = rng.integers(1, 30), rng.random() < 0.7
    shape = num_images, 6
    scores = torch.from_numpy(rng.random(shape).round(rng.integers(1, 9)))
    scores = scores.to(dtype)
    target = rng.random(shape) < [0.9, 0.5, 0.3, 0.1, 0.05, 0]
    observed = np.ones(shape, bool)
    if partial:
        observed = rng.random(shape) < [0.9, 0.4, 0.4, 0.1, 0, 1]
    samples = []
    for z, y, kept in zip(scores, target, observed):
        positives, negatives = (np.flatnonzero(x & kept) for x in (y, ~y))
        samples.append(sample(z, positives, negatives if partial else None))
    return samples, (scores.float().numpy(), target, observed)


def ask_scikit_learn(scores, target, observed):
    """List the average precision of each class in percent, None: left out."""
    result = []
    for z, y, kept in zip(scores.T, target.T, observed.T):
        found = 0.0
        if y[kept].any():
            found = 100 * average_precision_score(y[kept], z[kept])
        # Of positives alone it would be 100, of any scores.
        result.append(None if y[kept].all() else found)
    return result


@pytest.mark.parametrize(
    'dtype', [torch.float32, torch.float16, torch.bfloat16, torch.float64]
)
@pytest.mark.parametrize('hundred', range(3))
def test_equals_scikit_learn(dtype, hundred, warnings):
    for seed in range(100 * hundred, 100 * hundred + 100):
        samples, matrices = random_samples(seed, dtype)
        expected = ask_scikit_learn(*matrices)
        if not any(expected):
            with pytest.raises(ValueError, match='every model would score'):
                measure(samples)
            continue
        found = measure(samples, classwise=True)
        classwise = found['multi-label/AP_classwise']
        assert classwise == pytest.approx(expected, abs=1e-6)
        counted = [ap for ap in expected if ap is not None]
        mean = found['multi-label/mAP']
        assert mean == pytest.approx(np.mean(counted), abs=1e-6)


def test_does_not_depend_on_batches_or_order():
    samples, _ = random_samples(seed=3)
    metric = MeanAveragePrecision()
    for one in reversed(samples):
        metric.process({}, [one])
    found = metric.evaluate(len(samples))
    assert found == pytest.approx(measure(samples), abs=1e-9)


def test_a_perfect_ranking_is_100_percent():
    samples = [sample([0.9, 0.1], [0]), sample([0.2, 0.6], [1])]
    assert measure(samples) == {'multi-label/mAP': 100.0}


def test_a_class_with_nothing_observed_is_left_out_and_named(warnings):
    samples = [sample([0.9, 0.9, 0.9], [0], [2]), sample([0.1] * 3, [2], [0])]
    assert measure(samples) == {'multi-label/mAP': 75.0, LEFT_OUT: 1}
    assert warnings == [
        'MeanAveragePrecision leaves out 1 of 3 classes: 1 with nothing '
        'observed (1).'
    ]


ALONE = 'of positives alone, which are right whatever the model says'


@pytest.mark.parametrize(
    ('absent', 'expected', 'said'),
    [
        (
            'zero',
            50,
            'mAP counts 0 for 1 of 2 classes observed without a positive '
            "(dog), so that it reaches 50.0 at most; absent='skip' leaves "
            'them out.',
        ),
        (
            'skip',
            100,
            'MeanAveragePrecision leaves out 1 of 2 classes: 1 observed '
            'without a positive (dog).',
        ),
    ],
)
def test_a_class_without_a_positive_counts_zero_or_is_skipped(
    absent, expected, said, warnings
):
    metric = MeanAveragePrecision(absent=absent)
    metric.dataset_meta = dict(classes=['cat', 'dog'])
    for _ in range(2):
        metric.process({}, [sample([0.9, 0.9], [0]), sample([0.1, 0.1], [])])
        found = metric.evaluate(2)
        assert found['multi-label/mAP'] == expected
        assert found.get(LEFT_OUT) == (1 if absent == 'skip' else None)
    assert warnings == [said]  # once, not at each evaluation


def test_each_class_that_is_skipped_has_one_reason(warnings):
    samples = [sample([0.9] * 3, [0], [2]), sample([0.1] * 3, [], [0])]
    found = measure(samples, absent='skip')
    assert found == {'multi-label/mAP': 100, LEFT_OUT: 2}
    assert warnings == [
        'MeanAveragePrecision leaves out 2 of 3 classes: 1 with nothing '
        'observed (1); 1 observed without a positive (2).'
    ]


def test_zero_counts_by_default():
    assert MeanAveragePrecision().absent == 'zero'


@pytest.mark.parametrize(
    ('positives_only', 'expected', 'said'),
    [
        (
            'skip',
            50,
            f'MeanAveragePrecision leaves out 1 of 2 classes: 1 {ALONE} (1).',
        ),
        ('one', 75, f'mAP counts 100 for 1 of 2 classes {ALONE} (1).'),
    ],
)
def test_positives_alone_are_skipped_or_count_as_published(
    positives_only, expected, said, warnings
):
    """As in a mixture where some classes have no negatives: LVIS."""
    samples = [sample([0.1, 0.9], [0, 1], []), sample([0.9, 0.1], [1], [0])]
    found = measure(samples, positives_only=positives_only, classwise=True)
    assert found['multi-label/mAP'] == expected
    one = 100 if positives_only == 'one' else None
    assert found['multi-label/AP_classwise'] == [50, one]
    assert warnings == [said]


def test_a_mixture_is_measured_where_there_are_negatives():
    """Of 8 classes 7 have positives alone, 1 in each; LVIS is so."""
    rng = np.random.default_rng(0)
    samples = []
    for n in range(20):
        positives, negatives = ([0], []) if n < 2 else ([], [0])
        if n > 12:
            positives.append(n - 12)
        samples.append(sample(rng.random(8), positives, negatives))
    found = measure(samples, classwise=True)
    classwise = found['multi-label/AP_classwise']
    assert found['multi-label/mAP'] == classwise[0] < 23
    assert found[LEFT_OUT] == 7
    assert classwise[1:] == [None] * 7


@pytest.mark.parametrize('positives_only', ['skip', 'one'])
@pytest.mark.parametrize('negatives', [[], [2], None])
def test_labels_that_no_model_can_get_wrong_are_refused(
    positives_only, negatives
):
    """Positives alone, beside classes without a positive or not."""
    samples = [sample([0.1, 0.9, 0.5], [0, 1], negatives)] * 2
    message = 'of 3 classes none has .* so that every model would score the'
    with pytest.raises(ValueError, match=message):
        measure(samples, positives_only=positives_only)


def test_labels_can_be_examined_without_scores(warnings):
    metric = MeanAveragePrecision()
    positives, observed = np.array([1, 1, 0]), np.array([2, 1, 2])
    metric.examine(positives, observed)
    assert len(warnings) == 2
    with pytest.raises(ValueError, match=r'\(3 labels .* 3 of them positive'):
        metric.examine(np.array([1, 2, 0]), np.array([1, 2, 0]))


@pytest.mark.parametrize('value', ['zero', None, 1])
def test_an_unknown_count_of_positives_only_is_refused(value):
    with pytest.raises(ValueError, match="must be 'skip' or 'one', but got"):
        MeanAveragePrecision(positives_only=value)


def test_float32_scores_are_kept_apart():
    samples = [sample([0.99999], []), sample([0.999991], [0])]
    assert measure(samples) == {'multi-label/mAP': 100.0}


def test_a_prefix_renames_the_metric():
    samples = [sample([1.0], [0]), sample([0.0], [])]
    assert measure(samples, prefix='val') == {'val/mAP': 100.0}


def test_the_registry_builds_it():
    metric = METRICS.build(dict(type='mmwsml.MeanAveragePrecision'))
    assert isinstance(metric, MeanAveragePrecision)


@pytest.mark.parametrize('absent', ['nan', None, 0])
def test_an_unknown_absent_is_refused(absent):
    with pytest.raises(ValueError, match="`absent` must be 'zero' or 'skip'"):
        MeanAveragePrecision(absent=absent)


@pytest.mark.parametrize(
    ('absent', 'negatives'), [('zero', []), ('skip', [0, 1])]
)
def test_nothing_to_measure_is_refused(absent, negatives):
    samples = [sample([0.5, 0.5], [], negatives)] * 3
    with pytest.raises(ValueError, match='undefined: of 2 classes none has'):
        measure(samples, absent=absent)


def test_complete_and_partial_images_count_together(warnings):
    samples = [
        sample([0.9, 0.2], [0]),
        sample([0.8, 0.1], [], [0]),
        sample([0.7, 0.9], [0], []),
        sample([0.1, 0.8], [1]),
    ]
    found = measure(samples, classwise=True)['multi-label/AP_classwise']
    # Class 0: 0.9 +, 0.8 -, 0.7 +, 0.1 -. Class 1: 0.8 +, 0.2 -.
    assert found == pytest.approx([100 * (1 + 2 / 3) / 2, 100])


def test_a_label_that_is_listed_twice_counts_once():
    samples = [sample([0.1], [0, 0]), sample([0.5], [], [0, 0])]
    assert measure(samples) == {'multi-label/mAP': 50.0}


def test_a_second_evaluation_starts_anew():
    metric = MeanAveragePrecision()
    for scores in ([0.1, 0.9], [0.9, 0.1]):
        one, two = (sample([z], [0] * (n == 0)) for n, z in enumerate(scores))
        metric.process({}, [one, two])
        found = metric.evaluate(2)['multi-label/mAP']
    assert found == 100


def test_two_images_are_enough():
    samples = [sample([0.3, 0.9], [0]), sample([0.2, 0.9], [])]
    found = measure(samples, classwise=True)
    assert found['multi-label/AP_classwise'] == [100, 0]


@pytest.fixture
def counts_file(tmp_path):
    """Write a file of counts; of equal ones the lower index is rarer."""

    def write(*lines, header='label,name,positives,negatives'):
        path = tmp_path / 'class_counts.csv'
        path.write_text('\n'.join([header, *lines]) + '\n')
        return str(path)

    return write


COUNTS = ['/m/1,a,5,5', '/m/2,b,1,2', '/m/3,c,9,1', '/m/4,d,0,3']


def measure_groups(counts_file, classes=('a', 'b', 'c', 'd'), groups=2):
    metric = MeanAveragePrecision(groups=groups, counts_file=counts_file)
    metric.dataset_meta = dict(classes=classes)
    samples = [
        sample([0.9, 0.1, 0.4, 0.2], [0, 2]),
        sample([0.1, 0.9, 0.8, 0.1], [1, 3]),
    ]
    metric.process({}, samples)
    return metric.evaluate(2)


def test_groups_hold_the_classes_by_their_counts(counts_file):
    # AP 100, 100, 50, 50; b and d are the rarer ones, then a and c.
    assert measure_groups(counts_file(*COUNTS)) == {
        'multi-label/mAP': 75,
        'multi-label/mAP_G1': 75,
        'multi-label/mAP_G2': 75,
    }
    found = measure_groups(counts_file(*COUNTS), groups=4)
    groups = [found[f'multi-label/mAP_G{n}'] for n in (1, 2, 3, 4)]
    assert groups == [100, 50, 100, 50]  # b, d, a, c


def test_the_names_are_those_of_what_comes_out(counts_file):
    assert MeanAveragePrecision().names == ('mAP',)
    path = counts_file(*COUNTS)
    for groups in (1, 3):
        metric = MeanAveragePrecision(groups=groups, counts_file=path)
        found = measure_groups(path, groups=groups)
        assert [f'multi-label/{name}' for name in metric.names] == list(found)


def test_a_group_with_nothing_to_measure_is_left_out(counts_file, warnings):
    path = counts_file('0', '1', header='positives')
    samples = [sample([0.5, 0.5], [1], []), sample([0.5, 0.1], [], [1])]
    found = measure(samples, groups=2, counts_file=path)
    names = ['multi-label/mAP', LEFT_OUT, 'multi-label/mAP_G2']
    assert list(found) == names
    assert 'mAP_G1 is left out' in warnings[1]


@pytest.mark.parametrize(
    ('lines', 'rule'),
    [
        (
            COUNTS[:3],
            'a line for each of 4 classes, below a header, but has 3',
        ),
        ([*COUNTS[:3], '/m/4,x,0,3'], "line 5 is of the class 'x', but"),
        ([*COUNTS[:3], '/m/4,d,many,3'], 'line 5 must have an integer'),
    ],
)
def test_wrong_counts_are_refused(counts_file, lines, rule):
    with pytest.raises(ValueError, match=rule):
        measure_groups(counts_file(*lines))


def test_missing_counts_are_refused_at_the_start(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'`counts_file` .* exist'):
        MeanAveragePrecision(groups=5, counts_file=str(tmp_path / 'none.csv'))


def test_more_groups_than_classes_are_refused(counts_file):
    with pytest.raises(ValueError, match='at most the number of classes, 4'):
        measure_groups(counts_file(*COUNTS), groups=5)


@pytest.mark.parametrize('groups', [0, -1, 2.0, '5'])
def test_a_wrong_number_of_groups_is_refused(groups):
    with pytest.raises(ValueError, match='`groups` must be an integer of at'):
        MeanAveragePrecision(groups=groups, counts_file=__file__)


def test_groups_without_counts_are_refused():
    with pytest.raises(ValueError, match='go together, but got groups=5'):
        MeanAveragePrecision(groups=5)


def test_the_table_of_classes_names_them(monkeypatch):
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'info', messages.append)
    metric = MeanAveragePrecision(classwise=True)
    metric.dataset_meta = dict(classes=['cat', 'polar bear'])
    negatives = [sample([0.1, 0.3], [], kept) for kept in ([1], [0])]
    metric.process({}, [sample([0.9, 0.1], [0]), *negatives])
    metric.evaluate(3)
    lines = messages[0].splitlines()
    assert len(set(map(len, lines))) == 1  # columns are aligned
    header, *rows = [line.split() for line in lines]
    assert header == ['class', 'AP', 'positives', 'observed']
    assert rows[0] == ['cat', '100.00', '1', '2']
    assert rows[1] == ['polar', 'bear', '0.00', '0', '2']


def test_one_group_is_allowed(tmp_path):
    path = tmp_path / 'counts.csv'
    path.write_text('')
    metric = MeanAveragePrecision(groups=1, counts_file=str(path))
    assert metric.groups == 1
