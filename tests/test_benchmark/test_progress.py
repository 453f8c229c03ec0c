"""How far the runs are."""

import json

import pytest

from mmwsml.benchmark.progress import Bar, Watch, share_left


@pytest.fixture
def train(plan_fake):
    """Return a run of three epochs, and what trains one."""
    (run,) = plan_fake(['an']).runs

    def train_epoch(epoch):
        path = run.folder / 'a' / 'vis_data' / 'scalars.json'
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open('a') as file:
            line = {'multi-label/mAP': 50.0, 'step': epoch}
            file.write(json.dumps(line) + '\n')

    return run, train_epoch


def test_an_epoch_that_is_validated_is_done(train):
    run, train_epoch = train
    assert share_left(run) == 1
    train_epoch(1)
    assert share_left(run) == pytest.approx(2 / 3)
    train_epoch(2)
    train_epoch(3)
    assert share_left(run) == 0


def test_a_run_takes_as_long_as_the_epochs_it_has_trained_here(
    train, monkeypatch
):
    run, train_epoch = train
    train_epoch(1)  # before this benchmark
    watch, clock = Watch(), [100.0]
    monkeypatch.setattr('time.monotonic', lambda: clock[0])
    with watch.watch(run):
        assert watch.expected_seconds() == {}
        train_epoch(2)
        clock[0] += 7
        assert watch.expected_seconds() == {(run.setting, 0): 21}
    assert watch.expected_seconds() == {}


def test_the_bar_is_silent_where_there_is_no_terminal(capsys):
    with Bar(4) as bar:
        bar.update(1.5, 60)
        bar.say('[1/4] a line that is as long as it is' + 60 * '.')
    out = capsys.readouterr().out
    assert out == '[1/4] a line that is as long as it is' + 60 * '.' + '\n'
