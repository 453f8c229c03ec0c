"""Configs as runs, on some images in the layout of their data sets."""

import copy
import itertools
import json

import pytest
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain import get_model

NAMES = (f'config-{number}' for number in itertools.count())
BACKBONES = (
    *('resnet18', 'resnet50', 'resnet101', 'mobilenet-v2', 'mobilenet-v3'),
    *('convnext-tiny', 'swin-tiny', 'vit-base'),
)
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')
#: Ends of the names of what differs with the data, or between any two runs.
#: Sets that ``ValidationSplit`` cuts.
PROTOCOL = ('voc12', 'coco14', 'nusofficial', 'nusspml', 'cub')
OF_DATA = (
    '_dataloader',
    'pipeline',
    'work_dir',
    'experiment_name',
    'filename',
)


@pytest.fixture
def read_small(configs, tmp_path):
    """Return a function that reads a config for its miniature data set."""

    def read(path, name):
        cfg = Config.fromfile(configs / path)
        # Of 10 images 8 are to train on, of the other sets 4.
        size = 4 if name['dataset'] in PROTOCOL else 2
        if name['method'] == 'role':
            cfg.model.head.label_store.num_images = 2 * size
        cfg.model.backbone.pop('init_cfg', None)  # downloads nothing
        for loader in LOADERS:
            cfg[loader].update(batch_size=size, num_workers=0)
            shrink(cfg[loader].dataset, name['dataset'])
        cfg.default_hooks.checkpoint = None
        cfg.update(
            work_dir=str(tmp_path / 'work'),
            log_level='WARNING',
            experiment_name=next(NAMES),
        )
        return cfg

    return read


def shrink(dataset, name):
    """Make the images 64 px large, and DigitScenes four images."""
    if 'dataset' in dataset:
        shrink(dataset.dataset, name)
        return
    if name == 'digitscenes':
        dataset.indices = 4
    for transform in dataset.pipeline:
        if transform.type == 'Resize':
            transform.scale = (64, 64)


def use_one_convolution(cfg):
    """Make as many features as the backbone of a config, in a moment."""
    # The features of a deep network without weights all but vanish.
    small = 'mmwsml.DigitNet', 'mmwsml.PrecomputedFeatures'
    if cfg.model.backbone.type not in small:
        channels = (cfg.model.head.in_channels,)
        cfg.model.backbone = dict(
            type='mmwsml.DigitNet', channels=channels, strides=(16,)
        )


def build_run(cfg):
    """Build the model that `get_model` gives, and that of a run."""
    model = get_model(cfg, pretrained=False)
    runner = Runner.from_cfg(cfg)
    assert runner.model.state_dict().keys() == model.state_dict().keys()


@pytest.mark.slow
def test_every_config_builds_a_model_and_a_run(
    data_set, read_small, miniature
):
    """What two configs share is built once: networks, runs, loaders."""
    (data_set_name, leaves), built = data_set, set()

    def is_new(*parts):
        key = json.dumps(parts, sort_keys=True, default=str)
        found = key in built
        built.add(key)
        return not found

    miniature(data_set_name)
    for path, name in leaves:
        cfg = read_small(path, name)
        network = [cfg.model.backbone, cfg.model.get('neck')]
        if is_new('network', network, cfg.data_preprocessor):
            build_run(cfg)
        use_one_convolution(cfg)
        parts = (x for x in cfg.items() if not x[0].endswith(OF_DATA))
        if is_new('run', *sorted(parts)):
            build_run(cfg)
        for loader in LOADERS:
            if is_new('loader', cfg[loader]):
                batch = next(iter(Runner.build_dataloader(cfg[loader])))
                assert len(batch['inputs']) == len(batch['data_samples']) > 0


def test_every_method_trains_two_epochs_of_two_iterations(
    kind, read_small, miniature
):
    miniature(kind[1]['dataset'])
    cfg = read_small(*kind)
    use_one_convolution(cfg)
    again = cfg.train_cfg.get('type') == 'mmwsml.HeadMadeAgainLoop'
    cfg.train_cfg.max_epochs = 3 if again else 2  # one takes no step
    for hook in cfg.get('custom_hooks', []):
        if 'begin' in hook:
            hook.begin = 2
    store = cfg.model.head.get('label_store', {})
    if store.get('type') in ('mmwsml.SoftLabels', 'mmwsml.ThresholdMemory'):
        store.begin = 1  # fed after this epoch, read in the next
    if 'early_stop' in cfg.default_hooks:
        cfg.default_hooks.early_stop.margin = 100
    runner = Runner.from_cfg(cfg)
    runner.train()
    head = runner.model.head
    if hasattr(head.loss_module, 'selection'):  # used in the last epoch
        told = head.told
        assert told.rate or (told.shares is not None and not told.warm_up)
    closed = cfg.train_cfg.get('type') == 'mmwsml.ClosedFormLoop'
    assert runner.iter == (0 if closed else 4)
    assert 0 <= runner.test()['multi-label/mAP'] <= 100


class Watcher(Hook):
    """Keep the backbone as it is before training and after each epoch."""

    def __init__(self):
        self.states = []

    def before_train(self, runner):
        self.states.append(copy.deepcopy(runner.model.backbone.state_dict()))

    after_train_epoch = before_train


@pytest.mark.slow
@pytest.mark.parametrize('backbone', BACKBONES)
def test_linear_init_holds_any_backbone_still(
    backbone, read_small, miniature, configs, tmp_path
):
    miniature('voc12')
    leaf = next((configs / 'an').glob('an_resnet50*-sgd-10e_voc12-*.py'))
    text = leaf.read_text().replace('resnet50.py', f'{backbone}.py')
    path = tmp_path / 'leaf.py'
    path.write_text(text.replace('../_base_', str(configs / '_base_')))
    cfg = read_small(path, dict(dataset='voc12', method='an'))
    cfg.train_cfg.max_epochs = 2
    cfg.default_hooks.linear_init = cfg.linear_init
    cfg.default_hooks.early_stop.margin = 100
    runner, watcher = Runner.from_cfg(cfg), Watcher()
    runner.register_hook(watcher)
    runner.train()
    first, frozen, trained = watcher.states
    assert all(first[key].equal(frozen[key]) for key in first)
    weights = dict(runner.model.backbone.named_parameters())
    assert not any(frozen[key].equal(trained[key]) for key in weights)
