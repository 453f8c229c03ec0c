import math

import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine import LinearDiscriminantHook
from mmwsml.engine.head import head_of
from mmwsml.engine.linear_discriminant import FeatureSums

BASE = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
HOOK = dict(type='mmwsml.LinearDiscriminantHook', pipeline=PIPELINE)
STILL = dict(train_cfg=dict(type='mmwsml.ClosedFormLoop', max_epochs=1))


SEVERAL = [0.1, 1.0, 10.0]
STEPS = dict(train_cfg=dict(type='mmwsml.ClosedFormLoop', max_epochs=3))


class Watcher(Hook):
    """Keep the linear layer as it is before training."""

    def before_train(self, runner):
        fc = head_of(runner).fc
        self.seen = [weight.detach().clone() for weight in fc.parameters()]


@pytest.fixture
def fc_of(make_runner):
    """Run; return the layer before the hook, after it, and in the end."""

    def run(hook=HOOK, *others, head=None, **kwargs):
        runner = make_runner([*BASE, hook, *others], head, **kwargs)
        first, last = Watcher(), Watcher()
        runner.register_hook(first, priority='VERY_HIGH')
        runner.register_hook(last, priority='LOWEST')
        runner.train()
        fc = head_of(runner).fc
        end = [weight.detach() for weight in fc.parameters()]
        return runner, first.seen, last.seen, end

    return run


def solve(runner, shrinkage=None):
    """Make the layer from all images at once, one class positive in each."""
    model = getattr(runner.model, 'module', runner.model).eval()
    items = list(runner.train_dataloader.dataset)
    inputs = [item['inputs'] for item in items]
    with torch.no_grad():
        data = model.data_preprocessor(dict(inputs=inputs), False)
        features = model.head.pre_logits(model.extract_feat(data['inputs']))
    target = torch.zeros(20, 3)
    for n, item in enumerate(items):
        target[n, item['data_samples'].gt_label] = 1
    sums = FeatureSums(8, 3, 'cpu')
    sums.add(features, target)
    return sums.solve(shrinkage)


@pytest.mark.parametrize('wrapped', [False, True])
@pytest.mark.parametrize('shrinkage', [None, 0.5])
def test_the_head_is_the_discriminant_of_all_images(fc_of, shrinkage, wrapped):
    hook = dict(HOOK, shrinkage=shrinkage)
    runner, before, _, (weight, bias) = fc_of(hook, wrapped=wrapped, **STILL)
    assert not torch.allclose(before[0], weight)
    layer = solve(runner, shrinkage)
    torch.testing.assert_close(weight, layer.weight.float())
    torch.testing.assert_close(bias, layer.bias.float())


def test_nothing_else_changes(make_runner):
    runner = make_runner([*BASE, HOOK], **STILL)
    state = {k: v.clone() for k, v in runner.model.state_dict().items()}
    torch.manual_seed(3)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    LinearDiscriminantHook(pipeline=PIPELINE).before_train(start(runner))
    assert torch.rand(1) == drawn
    for key, value in runner.model.state_dict().items():
        assert torch.equal(value, state[key]) != key.startswith('head.fc')


def start(runner):
    """Build the train loop, as `train` does."""
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    return runner


class EpochWatcher(Hook):
    """Keep the linear layer of each epoch."""

    def __init__(self):
        self.weights = {}

    def after_train_epoch(self, runner):
        weight = head_of(runner).fc.weight.detach().clone()
        self.weights[runner.epoch] = weight


@pytest.mark.parametrize('done', [0, 1])
def test_each_epoch_takes_its_shrinkage(make_runner, val_cfg, done):
    hook = dict(HOOK, shrinkage=SEVERAL)
    if done:  # an epoch of a run that was ended
        runner = make_runner([*BASE, hook], **STEPS, **val_cfg)
        runner.register_hook(Ender(done))
        with pytest.raises(KeyboardInterrupt):
            runner.train()
    runner = make_runner([*BASE, hook], resume=True, **STEPS, **val_cfg)
    watcher = EpochWatcher()
    runner.register_hook(watcher)
    runner.train()
    assert list(watcher.weights) == list(range(done, 3))
    for epoch, weight in watcher.weights.items():
        wanted = solve(runner, SEVERAL[epoch]).weight.float()
        torch.testing.assert_close(weight, wanted)


class Ender(Hook):
    """End a run before an epoch."""

    def __init__(self, epoch):
        self.epoch = epoch

    def before_train_epoch(self, runner):
        if runner.epoch == self.epoch:
            raise KeyboardInterrupt


def test_training_goes_on_from_it(fc_of):
    runner, before, after, end = fc_of()
    assert runner.iter == 8
    torch.testing.assert_close(end[0], after[0], rtol=0, atol=0.02)
    assert not torch.allclose(before[0], after[0], rtol=0, atol=0.02)


def test_a_class_without_an_observed_positive_keeps_its_weights(
    fc_of, dataset_cfg
):
    few = dict(dataset_cfg, indices=[0, 1, 3, 4])  # of the first two classes
    _, before, after, _ = fc_of(dataset=few, **STILL)
    for old, new in zip(before, after):
        assert torch.equal(old[2], new[2])
        assert (old[:2] != new[:2]).all()


@pytest.mark.parametrize('kwargs', [{}, STILL])
def test_a_resumed_run_keeps_what_it_has_trained(fc_of, kwargs):
    _, _, _, end = fc_of(**kwargs)
    _, before, after, again = fc_of(resume=True, **kwargs)
    for weights in zip(end, before, after, again):
        assert all(torch.equal(weights[0], weight) for weight in weights)


def test_transforms_of_validation_are_taken(fc_of, val_cfg):
    hook = dict(HOOK, pipeline=None)
    runner, _, (weight, _), _ = fc_of(hook, **STILL, **val_cfg)
    torch.testing.assert_close(weight, solve(runner).weight.float())


def test_an_average_of_the_model_begins_with_it(fc_of):
    ema = dict(type='EMAHook', momentum=0.01)
    runner, _, after, _ = fc_of(HOOK, ema)
    average = next(h for h in runner.hooks if type(h).__name__ == 'EMAHook')
    weight = average.ema_model.module.head.fc.weight
    torch.testing.assert_close(weight, after[0], rtol=0, atol=0.02)


def test_the_log_says_what_was_made(make_runner):
    runner = make_runner([*BASE, dict(HOOK, shrinkage=0.5)], **STILL)
    lines = []
    runner.logger.info = lines.append
    runner.train()
    made = [n for n, line in enumerate(lines) if 'discriminant' in line]
    assert len(made) == 1
    assert 'of 20 training images were added' in lines[made[0] - 1]
    assert 'a shrinkage of 0.5; 0 of 3 classes' in lines[made[0]]


@pytest.mark.parametrize(
    ('kwargs', 'still', 'warned'),
    [({}, False, True), ({}, True, False), (STILL, False, False)],
)
def test_warns_of_batch_norms_that_move(make_runner, kwargs, still, warned):
    runner = make_runner([*BASE, HOOK], **kwargs)
    if still:
        train = runner.model.backbone.train
        runner.model.backbone.train = lambda mode=True: train(False)
    lines = []
    runner.logger.warning = lambda line, *args: lines.append(line)
    runner.train()
    seen = [line for line in lines if '2 batch norms will average' in line]
    assert len(seen) == warned


@pytest.mark.parametrize(
    'shrinkage', [0, -1, math.inf, math.nan, [1, 0], (-1.0,)]
)
def test_refuses_a_shrinkage_out_of_range(shrinkage):
    with pytest.raises(
        ValueError, match='`shrinkage` must be finite and above'
    ):
        LinearDiscriminantHook(shrinkage)


@pytest.mark.parametrize(
    ('shrinkage', 'kwargs', 'message'),
    [
        ([1, 2], STEPS, 'but got 2 for 3 epochs of ClosedFormLoop: set'),
        ([], STILL, 'but got 0 for 1 epochs of ClosedFormLoop: set'),
        ([1], {}, 'but got 1 for 2 epochs of EpochBasedTrainLoop: set'),
    ],
)
def test_refuses_shrinkages_that_do_not_meet_the_epochs(
    make_runner, shrinkage, kwargs, message
):
    hook = dict(HOOK, shrinkage=shrinkage)
    with pytest.raises(ValueError, match=message):
        make_runner([*BASE, hook], **kwargs).train()


@pytest.mark.parametrize('option', ['val_interval', 'val_begin', None])
def test_refuses_several_shrinkages_without_validation_of_each(
    make_runner, val_cfg, option
):
    hook, cfg = dict(HOOK, shrinkage=SEVERAL), dict(STEPS['train_cfg'])
    if option:
        cfg[option] = 2
    kwargs = val_cfg if option else {}
    with pytest.raises(ValueError, match='not every epoch is validated: add'):
        make_runner([*BASE, hook], train_cfg=cfg, **kwargs).train()


def test_refuses_a_head_of_another_kind(make_runner):
    head = dict(type='MultiLabelLinearClsHead')
    with pytest.raises(TypeError, match='but got MultiLabelLinearClsHead: re'):
        make_runner([HOOK], head).train()


def test_refuses_features_that_are_not_pooled(make_runner):
    runner = make_runner([*BASE, HOOK], dict(type='mmwsml.BoostLUHead'))
    runner.model.neck = None
    with pytest.raises(ValueError, match=r'BoostLUHead has them of shape \('):
        runner.train()


def test_refuses_complete_labels_that_should_be_partial(make_runner, val_cfg):
    dataset = val_cfg['val_dataloader']['dataset']
    with pytest.raises(ValueError, match='claim to be complete'):
        make_runner([*BASE, HOOK], dataset=dataset, **STILL).train()


def test_refuses_partial_labels_that_should_be_complete(make_runner):
    head = dict(labels='complete', loss=dict(type='mmwsml.FullLabel'))
    with pytest.raises(
        ValueError, match=r'are partial \(`neg_label` is there'
    ):
        make_runner([*BASE, HOOK], head, **STILL).train()


def test_refuses_a_run_without_transforms(make_runner):
    message = 'LinearDiscriminantHook transforms training images as in val'
    with pytest.raises(ValueError, match=message):
        make_runner([*BASE, dict(HOOK, pipeline=None)]).train()
