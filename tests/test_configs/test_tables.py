"""The hyper-parameters of the paper, and which configs there must be."""

from typing import NamedTuple

import pytest
from mmpretrain.registry import MODELS

METHODS = 'full an wan lsan epr role ll-r ll-ct ll-cp'.split()
OPEN_IMAGES = 'iu curriculum imcl an wan lsan ll-r ll-ct ll-cp'.split()
RESNET50 = 'torchvision://resnet50'  # IMAGENET1K_V1


class Row(NamedTuple):
    """What was published of a data set, and kappa; delta_rel in percent."""

    optimizer: dict
    delta_rel: dict
    kappa: float
    num_images: int  # to train on: the list less a fifth


def rel(rejected, corrected, permanent):
    """Name the three values of delta_rel."""
    return {'ll-r': rejected, 'll-ct': corrected, 'll-cp': permanent}


SGD = dict(type='SGD', lr=5e-3, momentum=0.9, weight_decay=1e-3)
ADAM = dict(type='Adam', lr=1e-5)
TABLE = {
    'voc12': Row(SGD, rel(0.2, 0.2, 0.1), 1.5, 5717 - 1143),
    'coco14': Row(ADAM, rel(0.4, 0.2, 0.2), 2.9, 82081 - 16416),
    'nusspml': Row(ADAM, rel(0.4, 0.2, 0.2), 1.9, 150000 - 30000),
    'cub': Row(dict(ADAM, lr=7.5e-5), rel(0.4, 0.4, 0.2), 31.4, 5994 - 1199),
}


@pytest.fixture(params=TABLE)
def column(request, read_leaves):
    """A data set, its row of the table, and its configs."""
    leaves = read_leaves(dataset=request.param)
    return TABLE[request.param], [(name, cfg) for _, name, cfg in leaves]


def test_every_cell_of_the_table_has_a_config(column):
    _, leaves = column
    optimizer = leaves[0][0]['schedule'].split('-')[0]
    found = [(name['method'], name['schedule']) for name, _ in leaves]
    schedules = (optimizer, f'{optimizer}-linearinit')
    assert sorted(found) == sorted(
        (method, schedule) for method in METHODS for schedule in schedules
    )


def test_the_last_layer_begins_as_in_the_papers_code(column):
    """PyTorch's own: uniform within 1 / sqrt(inputs), the bias too."""
    for name, cfg in column[1]:
        if name['method'] == 'role':  # its store takes memory, not its head
            cfg.model.head.pop('label_store')
            cfg.model.head.loss = dict(type='mmwsml.AssumeNegative')
        cfg.model.backbone = dict(
            type='mmwsml.DigitNet', channels=(2048,), strides=(1,)
        )
        model = MODELS.build(cfg.model)
        model.init_weights()
        weight, bias = model.head.fc.weight, model.head.fc.bias
        bound = weight.shape[1] ** -0.5
        assert weight.shape[1] == 2048
        assert 0.999 * bound < weight.abs().max() <= bound
        assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.02)
        assert 0.5 * bound < bias.abs().max() <= bound


def test_optimizer_model_and_data_are_those_of_the_paper(column):
    row, leaves = column
    for name, cfg in leaves:
        assert cfg.optim_wrapper.optimizer == row.optimizer
        keys = cfg.optim_wrapper.paramwise_cfg.custom_keys
        assert keys['head'] == dict(lr_mult=10)
        assert 'param_scheduler' not in cfg  # a constant rate
        assert cfg.train_cfg.max_epochs == 10
        assert cfg.train_dataloader.batch_size == 16
        assert cfg.model.backbone.init_cfg.checkpoint == RESNET50
        assert (name['backbone'], name['px']) == ('resnet50', '448')
        stop = dict(type='mmwsml.StopBelowBestHook', margin=3)
        assert cfg.default_hooks.early_stop == stop


def test_large_losses_are_counted_as_in_the_paper(column):
    row, leaves = column
    for name, cfg in leaves:
        if not name['method'].startswith('ll-'):
            continue
        hook = dict(cfg.custom_hooks[0])
        hook.setdefault('schedule', 'linear')
        assert hook == dict(
            type='mmwsml.LargeLossScheduleHook',
            begin=2,
            delta_rel=row.delta_rel[name['method']],
            schedule='constant' if name['method'] == 'll-cp' else 'linear',
        )
        selection = dict(type='mmwsml.TopKSelection', percent_of='all')
        assert cfg.model.head.loss.selection == selection


def test_estimates_fit_the_data_set(column):
    row, leaves = column
    for name, cfg in leaves:
        kappa = cfg.model.head.loss.get('kappa')
        assert kappa == (
            row.kappa if name['method'] in ('epr', 'role') else None
        )
        if name['method'] == 'role':
            store = cfg.model.head.label_store
            assert store.num_images == row.num_images
            keys = cfg.optim_wrapper.paramwise_cfg.custom_keys
            assert keys['label_store']['lr_mult'] == 10
            decays = row.optimizer.get('weight_decay')
            assert (keys['label_store'].get('decay_mult') == 0) == bool(decays)


def test_linear_init_differs_in_nothing_but_its_hook(column):
    _, leaves = column
    configs = {(n['method'], n['schedule']): dict(cfg) for n, cfg in leaves}
    for (method, schedule), cfg in configs.items():
        if schedule.endswith('-linearinit'):
            hook = cfg['default_hooks'].pop('linear_init')
            assert hook == dict(type='mmwsml.LinearInitHook', num_epochs=1)
            end_to_end = schedule.split('-')[0]
            assert cfg == configs[method, end_to_end]


def test_open_images_has_its_configs(read_leaves):
    leaves = read_leaves(dataset='openimagesv3')
    assert sorted(name['method'] for _, name, _ in leaves) == sorted(
        OPEN_IMAGES
    )
    for _, name, cfg in leaves:
        assert (name['backbone'], name['px']) == ('resnet101', '224')
        assert cfg.model.head.num_classes == 5000
        assert cfg.train_dataloader.batch_size == 288 // 4
        assert cfg.auto_scale_lr.base_batch_size == 288
        assert cfg.val_evaluator.groups == 5
