import json

import pytest
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks.modification_hook import ModificationHook


class Report(ModificationHook):
    """Keep what is reported."""

    def __init__(self, **options):
        super().__init__(**options)
        self.reports = []

    def report(self, runner, epoch, num_modified, num_iters):
        self.reports.append((num_modified.tolist(), num_iters))


class Watcher(Hook):
    """Keep what each step modified, and let all be modified."""

    def __init__(self):
        self.counts = []

    def before_train(self, runner):
        head_of(runner).tell(rate=1)

    def after_train_iter(self, runner, *args, **kwargs):
        modified = head_of(runner).last_step.modified
        self.counts.append(modified.sum(0).tolist())


@pytest.fixture
def train(make_runner):
    """Train; return what was reported, and what each step modified."""

    def run(options, wrapped=False, **kwargs):
        head = dict(loss=dict(type='mmwsml.LargeLossRejection'))
        hook, watcher = Report(**options), Watcher()
        runner = make_runner([hook, watcher], head, wrapped=wrapped, **kwargs)
        runner.train()
        return hook.reports, watcher.counts

    return run


def add(counts):
    return [sum(column) for column in zip(*counts)]


@pytest.mark.parametrize('wrapped', [False, True])
def test_reports_each_epoch_class_by_class(train, wrapped):
    reports, counts = train({}, wrapped)
    assert reports == [(add(counts[:4]), 4), (add(counts[4:]), 4)]
    assert sum(map(sum, counts)) == 2 * 20  # one unobserved label an image


def test_reports_every_so_many_iterations_and_the_rest(train):
    train_cfg = dict(by_epoch=False, max_iters=8)
    options = dict(by_epoch=False, iters_per_epoch=3)
    reports, counts = train(options, train_cfg=train_cfg)
    parts = counts[:3], counts[3:6], counts[6:]
    assert reports == [(add(part), len(part)) for part in parts]


def test_shows_the_count_of_an_epoch_in_the_scalars(train, tmp_path):
    train({})
    (path,) = (tmp_path / 'work').rglob('scalars.json')
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    counts = [row for row in rows if 'train/num_modified' in row]
    assert [row['train/num_modified'] for row in counts] == [20, 20]
    assert [row['step'] for row in counts] == [1, 2]
