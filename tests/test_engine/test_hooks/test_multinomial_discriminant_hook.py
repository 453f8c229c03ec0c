import copy
import math

import numpy as np
import pytest
import torch

from mmwsml.engine import MultinomialDiscriminantHook
from mmwsml.engine.chosen_head import ChosenHead
from mmwsml.engine.head import head_of
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums, Layer

PIPELINE = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
HOOK = dict(type='mmwsml.MultinomialDiscriminantHook', pipeline=PIPELINE)
HEAD = dict(type='mmwsml.MultinomialHead')
MODULE = 'mmwsml.engine.hooks.multinomial_discriminant_hook'
STILL = dict(train_cfg=dict(type='mmwsml.ClosedFormLoop', max_epochs=1))


def features_of(runner):
    """Return the features and positives of all images at once."""
    model = copy.deepcopy(getattr(runner.model, 'module', runner.model)).eval()
    items = list(runner.train_dataloader.dataset)
    inputs = [item['inputs'] for item in items]
    with torch.no_grad():
        data = model.data_preprocessor(dict(inputs=inputs), False)
        features = model.head.pre_logits(model.extract_feat(data['inputs']))
    target = torch.zeros(20, 3)
    for n, item in enumerate(items):
        target[n, item['data_samples'].gt_label] = 1
    return features, target


def solve(features, target):
    sums = ChoiceSums(8, 3, 'cpu')
    sums.add(features.double(), target)
    return sums.solve()


def expect(features, target):
    """Return the shrinkage of generalised cross-validation."""
    sums = FeatureSums(8, 3, 'cpu')
    sums.add(features, target)
    return sums.solve().shrinkage


@pytest.mark.parametrize('wrapped', [False, True])
def test_without_validation_the_head_is_the_default(make_runner, wrapped):
    runner = make_runner([HOOK], HEAD, wrapped=wrapped, **STILL)
    runner.train()
    head, (features, target) = head_of(runner), features_of(runner)
    found = solve(features.double().sqrt(), target)
    layer = found.layer(expect(features, target))
    assert (features >= 0).all() and head.power == 0.5
    assert head.competition.tolist() == [0.25] * 3
    torch.testing.assert_close(head.fc.weight, layer.weight.float())
    torch.testing.assert_close(head.fc.bias, layer.bias.float())


def test_features_below_0_are_taken_as_they_are(make_runner):
    runner = make_runner([HOOK], HEAD, **STILL)
    forward = runner.model.neck.forward
    runner.model.neck.forward = lambda x: tuple(y - 0.1 for y in forward(x))
    runner.train()
    features, target = features_of(runner)
    found = solve(features, target)
    weight = found.layer(expect(features, target)).weight.float()
    assert (features < 0).any() and head_of(runner).power == 1
    torch.testing.assert_close(head_of(runner).fc.weight, weight)


def test_validation_chooses(make_runner, val_cfg, monkeypatch):
    seen = []

    def choose(images, *args):
        seen.append((images, *args))
        layer = Layer(torch.full((3, 8), 2.0), torch.full((3,), 3.0))
        return ChosenHead(layer, 0.5, np.array([0.1, 0.2, 0.9]), 5)

    monkeypatch.setattr(f'{MODULE}.choose_head', choose)
    hook = dict(HOOK, shrinkage=[3.0], competition=[0.2, 0.9], pipeline=None)
    runner = make_runner([hook], HEAD, **STILL, **val_cfg)
    runner.train()
    head, ((images, *_, power, shrinkage, competition),) = (
        head_of(runner),
        seen,
    )
    assert images.target.sum() == 12 and images.features.shape == (10, 8)
    assert (power, shrinkage, competition) == (0.5, [3.0], [0.2, 0.9])
    assert (head.fc.weight == 2).all() and (head.fc.bias == 3).all()
    torch.testing.assert_close(head.competition, torch.tensor([0.1, 0.2, 0.9]))


def test_validation_labels_are_learned_from(make_runner, val_cfg, monkeypatch):
    seen = []

    def weigh(images, logits, learned):
        seen.append(logits)
        return Layer(torch.full((3, 8), 2.0), torch.full((3,), 3.0))

    monkeypatch.setattr(f'{MODULE}.weigh_labels', weigh)
    hook = dict(HOOK, pipeline=None, learn_validation=True)
    runner = make_runner([hook], HEAD, **STILL, **val_cfg)
    runner.train()
    direct = head_of(runner).direct
    assert (direct.weight == 2).all() and (direct.bias == 3).all()
    assert seen[0].shape == (10, 3)


def test_a_resumed_run_keeps_the_head(make_runner):
    runner = make_runner([HOOK], HEAD, **STILL)
    runner.train()
    state = runner.model.state_dict()
    again = make_runner([HOOK], HEAD, resume=True, **STILL)
    again.train()
    for key, value in again.model.state_dict().items():
        assert torch.equal(value, state[key])


def test_training_goes_on_from_it(make_runner):
    runner = make_runner([HOOK], HEAD)
    runner.train()
    assert runner.iter == 8
    for weight in runner.model.parameters():
        assert torch.isfinite(weight).all()


def test_the_log_says_what_was_made(make_runner):
    runner = make_runner([HOOK], HEAD, **STILL)
    lines = []
    runner.logger.info = lines.append
    runner.train()
    (line,) = [line for line in lines if 'The head of 20 training' in line]
    assert 'to the power of 0.5, a shrinkage of ' in line
    assert 'competition [0.25, 0.25, 0.25]; 0 classes have nothing' in line


@pytest.mark.parametrize('shrinkage', [[], [0], [1, -1], [math.inf]])
def test_refuses_a_shrinkage_out_of_range(shrinkage):
    with pytest.raises(ValueError, match='`shrinkage` must be a list of num'):
        MultinomialDiscriminantHook(shrinkage)


@pytest.mark.parametrize('competition', [[], [-0.1], [0, 1.5], [math.nan]])
def test_refuses_a_competition_out_of_range(competition):
    with pytest.raises(ValueError, match=r'`competition` must be a list of n'):
        MultinomialDiscriminantHook(competition=competition)


def test_refuses_to_learn_from_validation_that_is_not_there(make_runner):
    hook = dict(HOOK, learn_validation=True)
    with pytest.raises(ValueError, match='but the run has no `val_dataloade'):
        make_runner([hook], HEAD, **STILL).train()


def test_refuses_a_head_of_another_kind(make_runner):
    with pytest.raises(
        TypeError, match='makes a MultinomialHead, but got Par'
    ):
        make_runner([HOOK], **STILL).train()


def test_linear_discriminant_hook_refuses_its_head(make_runner):
    hook = dict(HOOK, type='mmwsml.LinearDiscriminantHook')
    with pytest.raises(TypeError, match='but got MultinomialHead: remove the'):
        make_runner([hook], HEAD, **STILL).train()
