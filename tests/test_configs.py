import re
from fractions import Fraction
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpretrain import get_model
from mmpretrain.structures import DataSample

from mmwsml.registry import DATASETS as DATASET_TYPES
from mmwsml.structures import KnownLabels

ROOT = Path(__file__).parents[1] / 'configs'
LEAVES = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob('*.py')
    if '_base_' not in path.parts
)
NAME = re.compile(
    r'(?P<method>[a-z-]+)_(?P<backbone>[a-z0-9-]+)'
    r'(?:_(?P<init>[a-z0-9]+)-pre)?'
    r'_(?P<gpus>\d+)xb(?P<batch>\d+)-(?P<schedule>[a-z-]+)-(?P<epochs>\d+)e'
    r'_(?P<dataset>[a-z0-9]+)-(?P<labels>[a-z0-9]+)(?:-(?P<px>\d+)px)?'
)
LOSSES = {
    'an': 'mmwsml.AssumeNegative',
    'full': 'mmwsml.FullLabel',
    'll-r': 'mmwsml.LargeLossRejection',
    'll-ct': 'mmwsml.LargeLossCorrection',
    'll-cp': 'mmwsml.LargeLossCorrection',
    'll-r-cw': 'mmwsml.LargeLossRejection',
    'll-ct-cw': 'mmwsml.LargeLossCorrection',
    'll-cp-cw': 'mmwsml.LargeLossCorrection',
    'll-ct-oof': 'mmwsml.LargeLossCorrection',
    'asl': 'mmwsml.Asymmetric',
    'boostlu': 'mmwsml.LargeLossRejection',
    'curriculum': 'mmwsml.PartialBCE',
    'em': 'mmwsml.EntropyMaximization',
    'em-apl': 'mmwsml.EntropyMaximization',
    'epr': 'mmwsml.ExpectedPositiveRegularization',
    'focal': 'mmwsml.Focal',
    'gr': 'mmwsml.GeneralizedRobust',
    'hill': 'mmwsml.Hill',
    'imcl': 'mmwsml.InteractiveMultiLabel',
    'iu': 'mmwsml.IgnoreUnobserved',
    'lsan': 'mmwsml.LabelSmoothingAssumeNegative',
    'mime': 'mmwsml.AssumeNegative',
    'pasl': 'mmwsml.PartialAsymmetric',
    'pr': 'mmwsml.PairwiseRanking',
    'role': 'mmwsml.RegularizedOnlineLabelEstimation',
    'splc': 'mmwsml.SelfPacedCorrection',
    'wan': 'mmwsml.WeakAssumeNegative',
}
STORES = {
    'curriculum': 'mmwsml.CurriculumLabels',
    'em-apl': 'mmwsml.SoftLabels',
    'll-cp': 'mmwsml.LabelMemory',
    'll-cp-cw': 'mmwsml.LabelMemory',
    'mime': 'mmwsml.ThresholdMemory',
    'role': 'mmwsml.LabelEstimates',
}
#: Methods whose store learns from passes over the training set.
PASSES = ('curriculum', 'em-apl', 'mime')
DATASETS = {
    'digitscenes': 'mmwsml.DigitScenes',
    'coco18': 'mmwsml.PartialLabelDataset',
    'images': 'mmwsml.PartialLabelDataset',
}
#: Set -> its folder below MMWSML_DATA, its splits and the paper's classes.
ORIGINALS = {
    'voc12': ('VOCdevkit/VOC2012', 'train', 'val', 20),
    'coco14': ('coco', 'train2014', 'val2014', 80),
    'nusofficial': ('nuswide', 'train', 'test', 81),
    'nusspml': ('nuswide', 'train', 'test', 81),
    'cub': ('cub', 'train', 'test', 312),
}


@pytest.fixture(params=LEAVES, ids=lambda path: path.stem)
def leaf(request):
    """Read a config and the parts of its name."""
    path = request.param
    parts = NAME.fullmatch(path.stem)
    assert parts, f'{path} does not follow the pattern of names'
    return path, parts.groupdict(), Config.fromfile(ROOT / path)


def transforms(cfg):
    """Name the transforms of the training pipeline."""
    pipeline = cfg.train_dataloader.dataset.pipeline
    return {transform.type: transform for transform in pipeline}


def test_every_method_has_configs():
    assert {path.parts[0] for path in LEAVES} == set(LOSSES)


@pytest.mark.parametrize('path', LEAVES, ids=lambda path: path.stem)
def test_a_leaf_has_at_most_25_lines(path):
    assert len((ROOT / path).read_text().splitlines()) <= 25


def test_the_name_says_method_and_loss(leaf):
    path, name, cfg = leaf
    assert path.parent == Path(name['method'])
    assert cfg.model.head.loss.type == LOSSES[name['method']]


def test_the_name_says_batch_schedule_and_epochs(leaf):
    _, name, cfg = leaf
    total = int(name['gpus']) * int(name['batch'])
    assert cfg.train_dataloader.batch_size == int(name['batch'])
    assert cfg.auto_scale_lr.base_batch_size == total
    optimizer = cfg.optim_wrapper.optimizer.type.lower()
    assert name['schedule'] in (optimizer, f'{optimizer}-linearinit')
    assert cfg.train_cfg.max_epochs == int(name['epochs'])


def test_the_name_says_backbone_and_initial_weights(leaf):
    _, name, cfg = leaf
    backbone = cfg.model.backbone
    if name['backbone'].endswith('-features'):  # the name says whose
        assert backbone.type == 'mmwsml.PrecomputedFeatures'
        return
    kind = backbone.type.split('.')[-1] + str(backbone.get('depth', ''))
    assert kind.lower() == name['backbone'].replace('-', '')
    assert bool(name['init']) == ('init_cfg' in backbone)


def test_the_name_says_data_labels_and_size(leaf):
    _, name, cfg = leaf
    dataset, names = cfg.train_dataloader.dataset, transforms(cfg)
    assert dataset.type == DATASETS[name['dataset']]
    assert ('mmwsml.KeepOnePositive' in names) == (name['labels'] == '1pos')
    assert (dataset.get('labels') == 'partial') == (name['labels'] == 'org')
    fraction = names.get('mmwsml.KeepKnownFraction', {}).get('fraction')
    assert (fraction is not None) == name['labels'].endswith('pct')
    if 'mmwsml.LoadFeatures' in names:  # the name says of which images
        return
    px = int(name['px'] or 0)
    assert names.get('Resize', {}).get('scale') == ((px, px) if px else None)


def test_only_full_label_models_take_complete_labels(leaf):
    _, name, cfg = leaf
    labels = cfg.model.head.get('labels', 'partial')
    assert (labels == 'complete') == (name['labels'] == 'full')


def test_a_method_has_its_hooks_and_label_store(leaf):
    _, name, cfg = leaf
    method = name['method']
    hooks = [hook.type for hook in cfg.get('custom_hooks', [])]
    large = method.startswith(('ll-', 'boostlu'))
    class_wise = method.endswith(('-cw', '-oof'))
    expected = ['mmwsml.LargeLossScheduleHook'] * (large and not class_wise)
    expected += ['mmwsml.ClassWiseScheduleHook'] * class_wise
    expected += ['mmwsml.RankingScoresHook'] * method.endswith('-oof')
    expected += ['mmwsml.ProgressHook'] * (method in ('splc', 'gr'))
    expected += ['mmwsml.FullPassHook'] * (method in PASSES)
    linear = name['schedule'].endswith('-linearinit')
    expected += ['mmwsml.LinearInitHook'] * linear
    assert hooks == expected
    store = cfg.model.head.get('label_store', {})
    assert store.get('type') == STORES.get(method)


def test_boostlu_has_its_head_on_the_feature_map(leaf):
    _, name, cfg = leaf
    boosted = cfg.model.head.type == 'mmwsml.BoostLUHead'
    assert boosted == (name['method'] == 'boostlu')
    assert not boosted or cfg.model.neck is None


def test_evaluation_sees_complete_labels_of_every_class(leaf):
    _, _, cfg = leaf
    assert cfg.data_preprocessor.num_classes == cfg.model.head.num_classes
    for loader in (cfg.val_dataloader, cfg.test_dataloader):
        assert loader.dataset.get('labels', 'complete') == 'complete'
        names = {transform.type for transform in loader.dataset.pipeline}
        assert 'mmwsml.KeepOnePositive' not in names


def make_sample(number, labels):
    """Make a sample with one known positive."""
    sample = DataSample().set_gt_label([number])
    sample.set_metainfo(dict(sample_id=f'random/{number}'))
    if labels == 'partial':
        sample.neg_label = torch.tensor([number + 1])
    return sample


def test_the_model_builds_and_has_a_finite_loss(leaf):
    _, _, cfg = leaf
    cfg.model.backbone.pop('init_cfg', None)  # downloads nothing
    if 'num_images' in cfg.model.head.get('label_store', {}):
        cfg.model.head.label_store.num_images = 2
    model = get_model(cfg, pretrained=False)
    model.train()
    loss_module = model.head.loss_module
    selection = getattr(loss_module, 'selection', None)
    if hasattr(selection, 'share'):  # as a hook does
        selection.share = torch.full((model.head.num_classes,), 0.1)
    elif selection is not None:
        loss_module.rate = Fraction(1, 10)
    loss_module.progress = (1, 10)
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
    assert all(p.grad.isfinite().all() for p in model.parameters())


@pytest.fixture(params=ORIGINALS)
def original(request, tmp_path, monkeypatch, write_layout):
    """Write a small set in its original layout where its configs look."""
    folder, train, test, num_classes = ORIGINALS[request.param]
    names = range(1, 14)
    if request.param != 'coco14':
        names = [f'a/{n}.jpg' for n in names]
    if request.param == 'voc12':
        names = [name[2:-4] for name in names]
    labels = [[n % 3, num_classes - 1] for n in range(13)]
    images = dict(zip(names, labels))
    tests = {name: images.pop(name) for name in names[10:]}
    splits = {train: images, test: tests}
    write_layout(request.param, tmp_path / folder, splits)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    init_default_scope('mmpretrain')
    return request.param, num_classes


def build_datasets(name, px):
    """Build the data sets of a base config."""
    path = ROOT / f'_base_/datasets/{name}-1pos-{px}px.py'
    cfg = Config.fromfile(path)
    loaders = (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader)
    return cfg, [DATASET_TYPES.build(loader.dataset) for loader in loaders]


@pytest.mark.parametrize('px', [448, 224])
def test_an_original_data_set_follows_the_protocol(original, px):
    name, num_classes = original
    cfg, datasets = build_datasets(name, px)
    assert cfg.data_preprocessor.num_classes == num_classes
    assert [len(dataset) for dataset in datasets] == [8, 2, 3]
    for dataset, num_known in zip(datasets, (1, 2, 2)):
        assert len(dataset.metainfo['classes']) == num_classes
        for i in range(len(dataset)):
            packed = dataset[i]
            sample = packed['data_samples']
            assert packed['inputs'].shape == (3, px, px)
            assert len(sample.gt_label) == num_known
            assert ('neg_label' in sample) == (num_known == 1)
            assert set(sample.gt_label.tolist()) <= set(dataset.get_cat_ids(i))


def test_the_parts_of_an_original_data_set_share_no_image(original):
    _, datasets = build_datasets(original[0], 448)
    ids = [
        dataset.get_data_info(i)['sample_id']
        for dataset in datasets
        for i in range(len(dataset))
    ]
    assert len(set(ids)) == len(ids) == 13


@pytest.mark.parametrize('name', ORIGINALS)
def test_the_sizes_of_an_original_data_set_differ_in_pixels_only(name):
    base = ROOT / '_base_' / 'datasets'
    small, large = (
        Config.fromfile(base / f'{name}-1pos-{px}px.py').pretty_text
        for px in (224, 448)
    )
    assert small != large
    assert small.replace('224', '448') == large.replace('224', '448')


@pytest.mark.parametrize('px', [448, 224])
@pytest.mark.parametrize('name', ORIGINALS)
def test_batch_size_and_augmentation_are_those_of_the_protocol(name, px):
    cfg = Config.fromfile(ROOT / f'_base_/datasets/{name}-1pos-{px}px.py')
    loaders = (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader)
    assert [loader.batch_size for loader in loaders] == [16] * 3
    flips = [t for t in cfg.image_pipeline if t.type == 'RandomFlip']
    assert flips == [dict(type='RandomFlip', prob=0.5, direction='horizontal')]
    assert not [t for t in cfg.test_pipeline if t.type == 'RandomFlip']
