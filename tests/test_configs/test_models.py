"""The loss, hooks and label store of a method, and models that build."""

import json
from fractions import Fraction

import pytest
import torch
from mmpretrain import get_model
from mmpretrain.structures import DataSample

from mmwsml.structures import KnownLabels

LOSSES = {
    'an': 'AssumeNegative',
    'full': 'FullLabel',
    'full-lda': 'FullLabel',
    'll-r': 'LargeLossRejection',
    'll-ct': 'LargeLossCorrection',
    'll-cp': 'LargeLossCorrection',
    'll-r-cw': 'LargeLossRejection',
    'll-r-cw-lda': 'LargeLossRejection',
    'll-r-cw-mlda': 'LargeLossRejection',
    'll-r-st': 'LargeLossRejection',
    'll-ct-st': 'LargeLossCorrection',
    'll-cp-st': 'LargeLossCorrection',
    'll-ct-cw': 'LargeLossCorrection',
    'll-cp-cw': 'LargeLossCorrection',
    'll-ct-oof': 'LargeLossCorrection',
    'll-ct-upu': 'LargeLossCorrection',
    'asl': 'Asymmetric',
    'boostlu': 'LargeLossRejection',
    'csra': 'LargeLossRejection',
    'curriculum': 'PartialBCE',
    'em': 'EntropyMaximization',
    'em-apl': 'EntropyMaximization',
    'epr': 'ExpectedPositiveRegularization',
    'focal': 'Focal',
    'gr': 'GeneralizedRobust',
    'hill': 'Hill',
    'imcl': 'InteractiveMultiLabel',
    'iu': 'IgnoreUnobserved',
    'lda': 'AssumeNegative',
    'mlda': 'AssumeNegative',
    'lsan': 'LabelSmoothingAssumeNegative',
    'mime': 'AssumeNegative',
    'pasl': 'PartialAsymmetric',
    'pr': 'PairwiseRanking',
    'role': 'RegularizedOnlineLabelEstimation',
    'splc': 'SelfPacedCorrection',
    'upu': 'AssumeNegative',
    'wan': 'WeakAssumeNegative',
}
STORES = {
    'curriculum': 'mmwsml.CurriculumLabels',
    'em-apl': 'mmwsml.SoftLabels',
    'll-cp': 'mmwsml.LabelMemory',
    'll-cp-cw': 'mmwsml.LabelMemory',
    'll-cp-st': 'mmwsml.LabelMemory',
    'mime': 'mmwsml.ThresholdMemory',
    'role': 'mmwsml.LabelEstimates',
}
#: Methods whose store learns from passes over the training set.
PASSES = ('curriculum', 'em-apl', 'mime')


def test_every_method_has_configs(read_leaves):
    assert {path.parts[0] for path, *_ in read_leaves()} == set(LOSSES)


def test_a_method_has_its_loss_hooks_and_label_store(leaf):
    _, name, cfg = leaf
    method = name['method']
    assert cfg.model.head.loss.type == f'mmwsml.{LOSSES[method]}'
    large = method.startswith(('ll-', 'boostlu', 'csra'))
    again = method == 'll-r-cw-mlda'
    class_wise = again or method.endswith(('-cw', '-oof', 'ct-upu', '-cw-lda'))
    multinomial = method == 'mlda'
    linear = method.endswith('lda') and not multinomial and not again
    expected = ['mmwsml.LinearDiscriminantHook'] * linear
    expected += ['mmwsml.MultinomialDiscriminantHook'] * multinomial
    tuned = large and not class_wise and not method.endswith('-st')
    expected += ['mmwsml.LargeLossScheduleHook'] * tuned
    expected += ['mmwsml.SelfTuningScheduleHook'] * method.endswith('-st')
    expected += ['mmwsml.ClassWiseScheduleHook'] * class_wise
    expected += ['EMAHook', 'mmwsml.MultinomialDiscriminantHook'] * again
    expected += ['mmwsml.RankingScoresHook'] * method.endswith('-oof')
    expected += ['mmwsml.PropensityHook'] * method.endswith('upu')
    expected += ['mmwsml.FullPassHook'] * (method in PASSES)
    linear = name['schedule'].endswith('-linearinit')
    expected += ['mmwsml.LinearInitHook'] * linear
    hooks = [hook.type for hook in cfg.get('custom_hooks', [])]
    if 'linear_init' in cfg.default_hooks:
        hooks.append(cfg.default_hooks.linear_init.type)
    assert hooks == expected
    store = cfg.model.head.get('label_store', {})
    assert store.get('type') == STORES.get(method)


def test_asl_trains_with_the_gradient_of_its_authors(read_leaves):
    losses = [cfg.model.head.loss for _, _, cfg in read_leaves(method='asl')]
    assert losses
    assert not any(loss.get('focus_gradient', True) for loss in losses)


@pytest.mark.parametrize(
    'method, head',
    [('boostlu', 'BoostLUHead'), ('csra', 'PartialLabelCSRAHead')],
)
def test_a_head_on_the_feature_map_is_that_of_its_method(leaf, method, head):
    _, name, cfg = leaf
    on_map = cfg.model.head.type == f'mmwsml.{head}'
    assert on_map == (name['method'] == method)
    assert not on_map or cfg.model.neck is None


def test_one_clock_counts_the_epochs_of_every_config(leaf):
    hooks = leaf[2].default_hooks
    assert hooks.progress == dict(type='mmwsml.ProgressHook')


def different(leaves):
    """Keep one config of each model."""
    models = {
        json.dumps([cfg.model, cfg.data_preprocessor], sort_keys=True): cfg
        for _, _, cfg in leaves
    }
    return list(models.values())


def make_sample(number, labels):
    """Make a sample with one known positive."""
    sample = DataSample().set_gt_label([number])
    sample.set_metainfo(dict(sample_id=f'random/{number}'))
    if labels == 'partial':
        sample.neg_label = torch.tensor([number + 1])
    return sample


def compute_loss(cfg):
    """Build the model and compute a loss and gradients of two images."""
    cfg.model.backbone.pop('init_cfg', None)  # downloads nothing
    if 'num_images' in cfg.model.head.get('label_store', {}):
        cfg.model.head.label_store.num_images = 2
    model = get_model(cfg, pretrained=False)
    model.train()
    model.head.tell(  # as hooks do
        progress=(1, 10),
        rate=Fraction(1, 10),
        shares=torch.full((model.head.num_classes,), 0.1),
    )
    samples = [make_sample(n, model.head.labels) for n in range(2)]
    known = KnownLabels.collect(
        (sample.sample_id, sample.gt_label, sample.get('neg_label', ()))
        for sample in samples
    )
    model.head.label_store.start(known)
    shape = (3, 64, 64)
    if cfg.model.backbone.type == 'mmwsml.PrecomputedFeatures':
        shape = (model.head.in_channels, 1, 1)
    images = torch.randn(2, *shape, generator=torch.manual_seed(0))
    loss = model(images, samples, mode='loss')['loss']
    assert loss.isfinite() and loss != 0
    loss.backward()
    learned = [p for p in model.parameters() if p.requires_grad]
    assert learned and all(p.grad.isfinite().all() for p in learned)


def test_every_head_has_a_finite_loss(read_leaves):
    configs = different(read_leaves())
    assert len(configs) > 100
    for cfg in configs:
        if not cfg.model.backbone.type.startswith('mmwsml.'):
            # One convolution that makes as many features, in a moment.
            channels = (cfg.model.head.in_channels,)
            cfg.model.backbone = dict(
                type='mmwsml.DigitNet', channels=channels, strides=(16,)
            )
        compute_loss(cfg)


@pytest.mark.slow
def test_every_model_has_a_finite_loss(read_leaves):
    for cfg in different(read_leaves()):
        compute_loss(cfg)
