from collections import deque

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer

from mmwsml.engine.hooks import PlainCheckpointHook

PLAIN = [dict(type='mmwsml.PlainCheckpointHook')]


@pytest.mark.parametrize('wrapped', [False, True])
def test_a_checkpoint_holds_plain_values_only(make_runner, tmp_path, wrapped):
    runner = make_runner(PLAIN, wrapped=wrapped)
    runner.train()
    path = tmp_path / 'work' / 'epoch_2.pth'
    checkpoint = torch.load(path, weights_only=True)
    assert checkpoint['meta']['epoch'] == 2
    assert checkpoint['meta']['mmwsml_format'] == 1
    loss = checkpoint['message_hub']['log_scalars']['train/loss']
    assert loss['log'].shape == loss['count'].shape == (8,)
    assert 'backbone.layers.0.weight' in checkpoint['state_dict']


def test_a_resumed_run_goes_on_with_the_history(make_runner, tmp_path):
    first = make_runner(PLAIN)
    first.train()
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    again = make_runner(PLAIN, load_from=path, resume=True)
    again.train()
    hubs = [runner.message_hub for runner in (first, again)]
    histories = [hub.log_scalars['train/loss'] for hub in hubs]
    assert all(type(history) is HistoryBuffer for history in histories)
    logs = [history.data[0] for history in histories]
    assert len(logs[0]) == len(logs[1]) == 8
    np.testing.assert_array_equal(logs[0][:4], logs[1][:4])
    assert histories[1].mean(8) == pytest.approx(logs[1].mean())


@pytest.mark.parametrize('resume', [False, True])
def test_a_checkpoint_with_code_is_refused(
    make_runner, evil, tmp_path, resume
):
    runner = make_runner(PLAIN, load_from=str(evil), resume=resume)
    with pytest.raises(ValueError, match=r'evil\.pth is damaged or holds'):
        runner.train()
    assert not (tmp_path / 'made').exists()


def test_initial_weights_with_code_are_refused(make_runner, evil, tmp_path):
    init_cfg = dict(type='Pretrained', checkpoint=str(evil))
    runner = make_runner(PLAIN, head=dict(init_cfg=init_cfg))
    with pytest.raises(ValueError, match=r'evil\.pth is damaged or holds'):
        runner.train()
    assert not (tmp_path / 'made').exists()


def test_numpy_values_and_deques_become_plain():
    info = dict(
        lr=np.float32(0.5),
        steps=deque([np.int64(1), 2]),
        box=np.arange(3),
        text='kept',
    )
    hub = dict(log_scalars={}, runtime_info=info, resumed_keys={})
    checkpoint = dict(meta={}, message_hub=hub)
    PlainCheckpointHook().before_save_checkpoint(None, checkpoint)
    plain = checkpoint['message_hub']['runtime_info']
    assert type(plain['lr']) is float and plain['lr'] == 0.5
    assert plain['steps'] == [1, 2] and type(plain['steps'][0]) is int
    assert torch.equal(plain['box'], torch.arange(3))
    assert plain['text'] == 'kept'


def test_saving_leaves_the_history_of_the_run_alone():
    buffer = HistoryBuffer([1.0, 2.0], [1, 1])
    hub = dict(log_scalars=dict(loss=buffer), runtime_info={}, resumed_keys={})
    checkpoint = dict(meta={}, message_hub=hub)
    PlainCheckpointHook().before_save_checkpoint(None, checkpoint)
    assert hub['log_scalars']['loss'] is buffer
    assert buffer.data[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize('checkpoint', [{}, dict(message_hub={})])
def test_loads_a_checkpoint_without_history(checkpoint):
    before = dict(checkpoint)
    PlainCheckpointHook().after_load_checkpoint(None, checkpoint)
    assert checkpoint == before


@pytest.mark.parametrize('resume', [False, True])
def test_functions_of_a_scheduler_are_no_state(make_runner, tmp_path, resume):
    scheduler = dict(type='OneCycleLR', eta_max=1e-3, total_steps=8)
    scheduler['by_epoch'] = False
    make_runner(PLAIN, param_scheduler=scheduler).train()
    path = tmp_path / 'work' / f'epoch_{2 - resume}.pth'
    (state,) = torch.load(path, weights_only=True)['param_schedulers']
    assert 'anneal_func' not in state and state['eta_max'] == 1e-3
    if resume:
        whole = torch.load(tmp_path / 'work' / 'epoch_2.pth')
        kwargs = dict(load_from=str(path), resume=True)
        make_runner(PLAIN, param_scheduler=scheduler, **kwargs).train()
        again = torch.load(tmp_path / 'work' / 'epoch_2.pth')
        for key, weight in whole['state_dict'].items():
            assert weight.shape == again['state_dict'][key].shape
        assert whole['param_schedulers'] == again['param_schedulers']


class Note:
    """Is no plain state."""


def test_what_is_not_plain_is_refused_before_the_first_step(make_runner):
    runner = make_runner(PLAIN)
    runner.message_hub.update_info('note', [0, Note()])
    message = r'message_hub\.runtime_info\.note\[1\] is a Note, which a check'
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


def test_what_no_checkpoint_holds_may_be_anything(make_runner):
    hooks = dict(logger=None, checkpoint=None)
    runner = make_runner(PLAIN, default_hooks=hooks)
    runner.message_hub.update_info('note', Note())
    runner.train()
    assert runner.iter == 8
