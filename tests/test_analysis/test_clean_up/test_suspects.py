"""Ranking the unobserved labels of runs."""

import math

import numpy as np
import pytest

from mmwsml.analysis.clean_up import class_limits, rank_suspects
from mmwsml.records import bin_edges

ALL = dict(num=1000, quota=math.inf, num_alike=0)


def pairs(suspects):
    return [(suspect.sample_id, suspect.label) for suspect in suspects]


def rank_with_loops(runs, epochs):
    """List (sample_id, class) by the mean of log(exp(mean loss) - 1)."""
    scores = {}
    for row, sample_id in enumerate(runs[0].sample_ids):
        for label in range(3):
            total = 0
            for run in runs:
                losses = [
                    float(run.epochs[e].losses[row, label]) for e in epochs
                ]
                mean = sum(losses) / len(losses)
                total += math.log(math.exp(mean) - 1)
            if label not in run.images.positives.of(row):
                scores[sample_id, label] = total / len(runs)
    return sorted(scores, key=scores.get, reverse=True)


def test_the_order_is_that_of_plain_loops(make_run):
    runs = [make_run('a', seed=1), make_run('b', seed=2)]
    assert pairs(rank_suspects(runs, **ALL)) == rank_with_loops(runs, (2, 3))
    chosen = rank_suspects(runs, **ALL, epochs=(1, 2))
    assert pairs(chosen) == rank_with_loops(runs, (1, 2))


def test_only_unobserved_labels_are_listed(make_run):
    run = make_run(observe=lambda n: ([n % 3], [(n + 2) % 3]))
    suspects = rank_suspects([run], **ALL)
    assert len(suspects) == 40  # of 120, 40 and 40 are observed
    assert all(suspect.right for suspect in suspects)


def test_a_line_tells_the_history_of_its_label(make_run):
    runs = [make_run('a', seed=1), make_run('b', seed=2)]
    for suspect in rank_suspects(runs, num=7):
        row = runs[0].row_of(suspect.sample_id)
        losses = [
            np.mean([r.epochs[e].losses[row, suspect.label] for r in runs])
            for e in (1, 2, 3)
        ]
        assert suspect.losses == pytest.approx(losses, rel=1e-3)
        mean = (losses[1] + losses[2]) / 2
        assert suspect.mean_loss == pytest.approx(mean, rel=1e-3)
        truth = runs[0].truth.of(row)
        assert suspect.right == (suspect.label in truth)


def test_agreement_counts_epochs_that_would_list_the_label(make_run):
    run = make_run()
    suspects = rank_suspects([run], num=15, per_class=5, num_alike=0)
    edges = bin_edges()
    for suspect in suspects:
        count = 0
        for epoch in (2, 3):
            losses = run.epochs[epoch].losses[:, suspect.label]
            unobserved = sorted(
                loss
                for row, loss in enumerate(losses.tolist())
                if suspect.label not in run.images.positives.of(row)
            )
            least = max(edge for edge in edges if edge <= unobserved[-5])
            count += losses[run.row_of(suspect.sample_id)] >= least
        assert (suspect.num_agree, suspect.num_epochs) == (count, 2)
    assert {suspect.num_agree for suspect in suspects} >= {1, 2}


def test_the_order_of_the_data_set_does_not_matter(make_run):
    plain = rank_suspects([make_run('a')])
    mixed = rank_suspects([make_run('b', order=[*range(7, 40), *range(7)])])
    assert pairs(plain) == pairs(mixed)


@pytest.mark.parametrize('num_alike', [0, 5])
@pytest.mark.parametrize('chunk', [7, 50, 2**20])
def test_the_size_of_a_chunk_does_not_matter(
    make_run, monkeypatch, chunk, num_alike
):
    run = make_run()
    whole = rank_suspects([run], num=20, num_alike=num_alike)
    monkeypatch.setattr('mmwsml.analysis.clean_up.suspects.CHUNK', chunk)
    parts = rank_suspects([run], num=20, num_alike=num_alike)
    assert pairs(whole) == pairs(parts)


def test_a_class_keeps_to_its_quota(make_run):
    run = make_run(observe=lambda n: ([n % 3] if n < 20 else [0], []))
    for num in (1, 10, 33):
        suspects = rank_suspects([run], num=num, quota=1)
        counts = np.bincount([s.label for s in suspects], minlength=3)
        assert (counts <= np.ceil(num * np.array([27, 7, 6]) / 40)).all()
    suspects = rank_suspects([run], num=33, per_class=4)
    assert [s.label for s in suspects].count(0) <= 4


def test_a_list_is_as_long_as_there_are_labels(make_run):
    assert len(rank_suspects([make_run()], **ALL)) == 80
    complete = make_run('full', observe=lambda n: ([n % 3], None))
    assert rank_suspects([complete]) == []


def test_without_truth_nothing_is_said_to_be_right(make_run):
    known, unknown = make_run('a'), make_run('b', truth=False)
    suspects = rank_suspects([unknown])
    assert pairs(suspects) == pairs(rank_suspects([known]))
    assert {suspect.right for suspect in suspects} == {None}


def test_one_epoch_is_better_than_none(make_run):
    runs = [make_run(num_epochs=1)]
    assert pairs(rank_suspects(runs, **ALL)) == rank_with_loops(runs, (1,))


def test_runs_without_losses_are_refused(make_run):
    with pytest.raises(ValueError, match="train with `keep='losses'`"):
        rank_suspects([make_run(keep=False)])


def test_other_classes_are_refused(make_run):
    other = make_run('b', classes=('cat', 'dog', 'elk'))
    with pytest.raises(ValueError, match=r"'emu' in .*a, but 'elk' in .*b"):
        rank_suspects([make_run('a'), other])


def test_other_images_or_labels_are_refused(make_run):
    other = make_run('b', observe=lambda n: ([], []))
    with pytest.raises(ValueError, match='other images or observed other'):
        rank_suspects([make_run('a'), other])


def test_epochs_that_were_not_recorded_are_refused(make_run):
    with pytest.raises(ValueError, match='of epochs 4 to 9, only of 1 to 3'):
        rank_suspects([make_run()], epochs=(4, 9))


def test_no_run_and_bad_numbers_are_refused(make_run):
    with pytest.raises(ValueError, match='`runs` is empty: name at least'):
        rank_suspects([])
    with pytest.raises(
        ValueError, match='`num_alike` must be finite and at le'
    ):
        rank_suspects([make_run()], num_alike=-1)


OBSERVED = np.array([60, 30, 10, 0])


@pytest.mark.parametrize(
    'quota, expected',
    [
        (1, [60, 30, 10, 1]),
        (2, [100, 60, 20, 1]),
        (0.05, [3, 2, 1, 1]),
        (math.inf, [100] * 4),
    ],
)
def test_a_class_takes_its_share_of_the_observed(quota, expected):
    assert class_limits(OBSERVED, 100, quota).tolist() == expected


def test_a_number_bounds_every_class():
    limits = class_limits(OBSERVED, 100, 2, per_class=25)
    assert limits.tolist() == [25, 25, 20, 1]


def test_without_observed_positives_there_is_no_bound():
    assert class_limits(np.zeros(2, int), 5).tolist() == [5, 5]


@pytest.mark.parametrize(
    'options, message',
    [
        (dict(num=0), '`num` must be finite and at least 1, but got 0'),
        (dict(num=9, quota=0), '`quota` must be above 0, but got 0'),
        (dict(num=9, quota=math.nan), '`quota` must be above 0, but got nan'),
        (
            dict(num=9, per_class=0),
            '`per_class` must be finite and at least 1, but',
        ),
    ],
)
def test_numbers_that_are_too_small_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        class_limits(OBSERVED, **options)
