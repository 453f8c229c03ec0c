import json

import cv2
import numpy as np
import pytest

from mmwsml.engine.hooks import CorrectionPicturesHook
from mmwsml.engine.hooks import correction_pictures_hook as module

SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=50)
HEAD = dict(loss=dict(type='mmwsml.LargeLossCorrection'))


@pytest.fixture
def drawn(monkeypatch):
    """Keep what is drawn."""
    calls = []

    def draw(image, labels):
        calls.append((image, labels))
        return np.zeros((4, 4, 3), np.uint8)

    monkeypatch.setattr(module, 'draw_correction', draw)
    return calls


@pytest.mark.parametrize('wrapped', [False, True])
def test_gives_so_many_pictures_an_epoch(
    make_runner, drawn, image_folder, wrapped
):
    hooks = [SCHEDULE, CorrectionPicturesHook(num=3)]
    runner = make_runner(hooks, HEAD, wrapped=wrapped)
    names = []
    runner.visualizer.add_image = lambda name, image, step: names.append(
        (name, step)
    )
    runner.train()  # the first epoch modifies nothing
    assert names == [(f'correction_{n}', 2) for n in range(3)]
    files = [cv2.imread(str(path)) for path in image_folder.glob('*.png')]
    for image, labels in drawn:
        assert any(np.array_equal(image, x[..., ::-1]) for x in files)
        (given,), ((modified, right),) = labels.given, labels.modified
        order = ['cat', 'dog', 'horse']  # n, and n + 1 is known to be absent
        assert order.index(modified) == (order.index(given) + 2) % 3
        assert right is None and labels.missed == []


def test_tells_which_are_true_where_labels_were_hidden(
    make_runner, drawn, dataset_cfg, image_folder, tmp_path
):
    content = json.loads((image_folder / 'ann.json').read_text())
    for info in content['data_list']:
        info['gt_label'] = [0, 1]
        del info['neg_label']
    path = tmp_path / 'complete.json'
    path.write_text(json.dumps(content))
    keep = dict(type='mmwsml.KeepOnePositive')
    pipeline = [keep, *dataset_cfg['pipeline']]
    dataset = dict(
        dataset_cfg, ann_file=str(path), labels='complete', pipeline=pipeline
    )
    hooks = [SCHEDULE, CorrectionPicturesHook(num=20)]
    make_runner(hooks, HEAD, dataset=dataset).train()
    assert drawn
    for _, labels in drawn:
        modified = dict(labels.modified)
        hidden = {'cat', 'dog'} - {*labels.given}
        assert all(modified[x] == (x != 'horse') for x in modified)
        assert {*labels.missed} == hidden - modified.keys()


@pytest.mark.parametrize(
    'loss',
    [
        dict(type='mmwsml.SelfPacedCorrection', threshold=0.01),
        dict(type='mmwsml.PartialAsymmetric', num_likely=1),
    ],
    ids=lambda loss: loss['type'],
)
def test_draws_what_any_loss_modifies(make_runner, drawn, loss):
    hooks = [dict(type='mmwsml.ProgressHook'), CorrectionPicturesHook(num=2)]
    make_runner(hooks, dict(loss=loss)).train()
    assert drawn and all(labels.modified for _, labels in drawn)


@pytest.mark.parametrize('num', [0, 1.5, True])
def test_refuses_no_pictures(num):
    with pytest.raises(ValueError, match='`num` must be an integer of at le'):
        CorrectionPicturesHook(num=num)


def test_refuses_a_loss_that_modifies_nothing(make_runner):
    head = dict(loss=dict(type='mmwsml.AssumeNegative'))
    runner = make_runner([CorrectionPicturesHook()], head)
    with pytest.raises(TypeError, match=r'modifies labels, .* AssumeNegative'):
        runner.train()


def test_refuses_features():
    with pytest.raises(ValueError, match=r'is given \(8, 1, 1\)'):
        module._to_rgb(module.Tensor(8, 1, 1))
