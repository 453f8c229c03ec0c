import numpy as np
import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import RankingScoresHook
from mmwsml.structures import hash64
from mmwsml.structures.feature_writer import FeatureWriter

HEAD = dict(
    loss=dict(
        type='mmwsml.LargeLossRejection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
)
SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=20, begin=1)
IDS = [f'images/{n}.png' for n in range(20)]
KEYS = np.array(sorted(map(hash64, IDS)))


def write_scores(folder, keys=KEYS, shape=(1, 3), **meta):
    """Write random scores; return them by the key of the image."""
    scores = np.random.default_rng(0).random((len(keys), *shape), np.float32)
    folder.mkdir()
    FeatureWriter.create(folder, keys, shape, meta)
    FeatureWriter(folder).write(np.arange(len(keys)), scores)
    return dict(zip(keys.tolist(), torch.from_numpy(scores[:, 0])))


class Watcher(Hook):
    """Keep the ranking of each step, its images and what it modified."""

    def __init__(self):
        self.steps = []

    def before_train_iter(self, runner, batch_idx, data_batch):
        ids = [sample.sample_id for sample in data_batch['data_samples']]
        self.steps.append((ids, head_of(runner).told.ranking))

    def after_train_iter(self, runner, *args, **kwargs):
        modified = head_of(runner).last_step.modified
        self.steps[-1] += (modified,)


@pytest.mark.parametrize('wrapped', [False, True])
def test_every_step_is_ranked_by_the_scores_of_its_images(
    make_runner, tmp_path, wrapped, select_with_loops
):
    scores = write_scores(tmp_path / 'scores')
    hook = dict(
        type='mmwsml.RankingScoresHook', folder=str(tmp_path / 'scores')
    )
    runner = make_runner([SCHEDULE, hook], HEAD, wrapped=wrapped)
    watcher = Watcher()
    runner.register_hook(watcher, priority='LOW')
    runner.train()
    assert len(watcher.steps) == 8
    for t, (ids, ranking, modified) in enumerate(watcher.steps):
        expected = torch.stack([scores[hash64(image)] for image in ids])
        assert torch.equal(ranking, expected)
        observed = torch.zeros(5, 3, dtype=torch.bool)
        for row, image in enumerate(ids):
            n = int(image.split('/')[1].split('.')[0])
            observed[row, [n % 3, (n + 1) % 3]] = True
        rate = 0.2 * (1 + t // 4)
        entries = select_with_loops(expected, observed, rate, 'all', ids)
        found = [tuple(entry) for entry in modified.nonzero().tolist()]
        assert found == sorted(entries)


def test_refuses_scores_of_other_classes(make_runner, tmp_path):
    write_scores(tmp_path / 'scores', shape=(1, 4))
    runner = make_runner([RankingScoresHook(tmp_path / 'scores')], HEAD)
    message = 'holds scores of 4 classes, but the head has 3: make them with'
    with pytest.raises(ValueError, match=message):
        runner.train()


def test_refuses_scores_of_classes_in_another_order(make_runner, tmp_path):
    classes = ['dog', 'cat', 'horse']
    write_scores(tmp_path / 'scores', classes=classes)
    hook = RankingScoresHook(tmp_path / 'scores')
    runner = make_runner([SCHEDULE, hook], HEAD)
    message = r"class 0 'cat', but .* 'dog' there: make the scores of .* anew"
    with pytest.raises(ValueError, match=message):
        runner.train()


def test_refuses_scores_of_other_images(make_runner, tmp_path):
    write_scores(tmp_path / 'scores', KEYS[3:])
    runner = make_runner([RankingScoresHook(tmp_path / 'scores')], HEAD)
    message = 'has no scores of 3 of 20 training images: make them with tools'
    with pytest.raises(ValueError, match=message):
        runner.train()


@pytest.mark.parametrize(
    'head', [dict(), dict(type='MultiLabelLinearClsHead')]
)
def test_refuses_a_loss_that_ranks_nothing(make_runner, tmp_path, head):
    write_scores(tmp_path / 'scores')
    runner = make_runner([RankingScoresHook(tmp_path / 'scores')], head)
    message = 'RankingScoresHook needs a loss that ranks labels, such as .*:'
    with pytest.raises(TypeError, match=message):
        runner.train()


def test_refuses_two_views(tmp_path):
    write_scores(tmp_path / 'scores', shape=(2, 3))
    with pytest.raises(ValueError, match='holds 2 rows for each image, as'):
        RankingScoresHook(tmp_path / 'scores')


def test_names_the_tool_that_makes_the_folder(tmp_path):
    message = r'There is no folder .*/none .*make it with tools/out_of_fold'
    with pytest.raises(FileNotFoundError, match=message):
        RankingScoresHook(tmp_path / 'none')
