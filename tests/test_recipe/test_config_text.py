from mmengine.config import Config

import mmwsml
from mmwsml.recipe.backbone import Backbone
from mmwsml.recipe.config_text import Data, Way, write_config

DATA = Data(
    images="/data/o'clock",
    num_classes=3,
    labels=dict(train='partial', val='complete', test='partial'),
    size=64,
    batch_size=8,
    seed=2,
)
BACKBONE = Backbone(
    'mobilenet-v2',
    mmwsml.config_path('_base_/models/mobilenet-v2'),
    dict(type='Pretrained', checkpoint='x.pth', prefix=None),
)


def write(folder, crops=False, **settings):
    head = dict(type='mmwsml.MultinomialHead')
    way = Way('A way', 'adam_10e', head, {}, settings, crops)
    path = folder / 'config.py'
    path.write_text(write_config(DATA, BACKBONE, way))
    return Config.fromfile(str(path))


def test_a_config_is_of_the_data(tmp_path):
    cfg = write(tmp_path)
    train, val = cfg.train_dataloader, cfg.val_dataloader.dataset
    assert train.batch_size == 8 and train.dataset.data_root == "/data/o'clock"
    assert train.dataset.ann_file == f'{tmp_path}/labels/train.json'
    assert (train.dataset.labels, val.labels) == ('partial', 'complete')
    assert cfg.model.head.num_classes == 3
    assert cfg.data_preprocessor.num_classes == 3
    assert cfg.model.backbone.init_cfg.prefix is None
    assert cfg.randomness.seed == 2
    assert train.dataset.pipeline[1] == dict(type='Resize', scale=(64, 64))


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / 'Anna\'s {x} größte "fits"'
    folder.mkdir()
    dataset = write(folder).val_dataloader.dataset
    assert dataset.ann_file == f'{folder}/labels/val.json'


def test_settings_come_back_as_they_are(tmp_path):
    keys = {'head': dict(lr_mult=10), 'head.direct': dict(lr_mult=0)}
    hooks = [dict(type='A', values=[1, 2.5], names={'a b': None}), {}]
    cfg = write(tmp_path, True, custom_keys=keys, custom_hooks=hooks)
    assert cfg.custom_keys == keys and cfg.custom_hooks == hooks
    random = cfg.train_dataloader.dataset.pipeline[1]
    assert (random.type, random.scale) == ('RandomResizedCrop', 64)


def test_no_line_of_settings_is_long(tmp_path):
    hooks = [dict(type='mmwsml.LongNameOfAHook', option=n) for n in range(9)]
    write(tmp_path, custom_hooks=hooks)
    lines = (tmp_path / 'config.py').read_text().splitlines()
    paths = [line for line in lines if '/configs/' in line]
    assert max(map(len, set(lines) - set(paths))) < 80
