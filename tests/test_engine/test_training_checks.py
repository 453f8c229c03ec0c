"""Runs that could never do what their config says."""

import copy
import json

import pytest

PREFLIGHT = [dict(type='mmwsml.PreflightHook')]
SCHEDULE = dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1)
LARGE_LOSS = dict(loss=dict(type='mmwsml.LargeLossRejection'))
ENDLESS = dict(
    loader=dict(
        batch_size=30,
        drop_last=True,
        sampler=dict(type='mmwsml.EndlessSampler'),
    ),
    train_cfg=dict(type='mmwsml.ResumableIterLoop', max_iters=2),
)


@pytest.mark.parametrize('by_epoch', [True, False])
def test_an_epoch_without_a_batch_is_refused(make_runner, by_epoch):
    loop = {} if by_epoch else dict(by_epoch=False, max_iters=2)
    loader = dict(batch_size=21, drop_last=True)
    runner = make_runner(
        [*PREFLIGHT, SCHEDULE] if by_epoch else PREFLIGHT,
        LARGE_LOSS if by_epoch else {},
        loader=loader,
        train_cfg=loop or dict(by_epoch=True, max_epochs=1),
    )
    message = (
        '`train_dataloader` gives no batch: 20 images on each process do not '
        'fill one of 21, .* set `train_dataloader.batch_size` to 20 at most'
    )
    with pytest.raises(ValueError, match=message):
        runner.train()


def test_a_validation_without_a_batch_is_refused(make_runner, val_cfg):
    cfg = copy.deepcopy(val_cfg)
    cfg['val_dataloader'].update(batch_size=11, drop_last=True)
    runner = make_runner(PREFLIGHT, **cfg)
    with pytest.raises(ValueError, match='`val_dataloader` gives no batch'):
        runner.train()
    assert runner.iter == 0


@pytest.mark.parametrize('loader', [dict(batch_size=20), dict()])
def test_whole_batches_are_enough(make_runner, loader):
    runner = make_runner(PREFLIGHT, loader=dict(loader, drop_last=True))
    runner.train()
    assert runner.iter == 2 * 20 // loader.get('batch_size', 5)


def test_an_endless_sampler_fills_any_batch(make_runner):
    runner = make_runner(PREFLIGHT, **ENDLESS)
    runner.train()
    assert runner.iter == 2


@pytest.mark.parametrize(
    'change',
    [
        dict(batch_augments=dict(augments=dict(type='Mixup', alpha=0.8))),
        dict(batch_augments=dict(augments=dict(type='CutMix', alpha=1.0))),
        dict(to_onehot=True),
    ],
)
def test_mixed_images_are_refused(make_runner, change):
    """Whatever number of classes the preprocessor has from its base."""
    from .conftest import make_model

    model = make_model({})
    model['data_preprocessor'].update(change, num_classes=2)
    runner = make_runner(PREFLIGHT, model=model)
    message = f'preprocessor has `{next(iter(change))}`, .*remove Mixup, CutM'
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


@pytest.fixture
def all_known(tmp_path, dataset_cfg):
    """Describe ten images of which every label is known."""
    data_list = [
        dict(img_path=f'{n}.png', gt_label=[0], neg_label=[1, 2])
        for n in range(10)
    ]
    metainfo = dict(classes=['cat', 'dog', 'horse'])
    path = tmp_path / 'known.json'
    path.write_text(json.dumps(dict(metainfo=metainfo, data_list=data_list)))
    return dict(dataset_cfg, ann_file=str(path))


def test_a_large_loss_without_an_unobserved_label_is_refused(
    make_runner, all_known
):
    """Boxes that were read as complete: it would modify nothing for ever."""
    hooks = [*PREFLIGHT, SCHEDULE]
    runner = make_runner(hooks, LARGE_LOSS, dataset=all_known)
    message = (
        'LargeLossRejection modifies unobserved labels, but `train_dataload.*'
        'as unknown .* hide labels .* or choose mmwsml.AssumeNegative'
    )
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


def test_one_unobserved_label_is_enough(make_runner, all_known):
    hide = dict(type='mmwsml.KeepKnownFraction', fraction=0.9, num_classes=3)
    dataset = copy.deepcopy(all_known)
    dataset['pipeline'].insert(0, hide)
    make_runner([*PREFLIGHT, SCHEDULE], LARGE_LOSS, dataset=dataset).train()


def test_known_labels_are_fine_where_nothing_is_modified(
    make_runner, all_known
):
    make_runner(PREFLIGHT, dataset=all_known).train()


CSRA = dict(num_heads=1, lam=0.1)


@pytest.mark.parametrize(
    'kind, options', [('MultiLabelLinearClsHead', {}), ('CSRAClsHead', CSRA)]
)
def test_our_losses_are_refused_in_a_head_of_mmpretrain(
    make_runner, kind, options
):
    head = dict(LARGE_LOSS, type=kind, **options)
    message = f'{kind} does not tell: .*PartialLabelCSRAHead, or .*{kind}'
    runner = make_runner(PREFLIGHT, head)
    with pytest.raises(TypeError, match=message):
        runner.train()
    assert runner.iter == 0


def test_their_heads_keep_their_losses(make_runner):
    loss = dict(type='AsymmetricLoss', gamma_neg=4.0)
    head = dict(type='MultiLabelLinearClsHead', loss=loss)
    runner = make_runner(PREFLIGHT, head)
    runner.train()
    assert runner.iter == 8


class AskedForWeightsError(Exception):
    """A weight has been asked for."""


@pytest.fixture
def no_weights(monkeypatch):
    """Let the weights of models come from nowhere."""

    def refuse(self):
        raise AskedForWeightsError

    monkeypatch.setattr('mmengine.model.BaseModule.init_weights', refuse)


def test_a_run_is_checked_before_its_weights_are_downloaded(
    make_runner, no_weights
):
    message = 'head has num_classes=4, .* `train_dataloader` has 3 classes'
    with pytest.raises(ValueError, match=message):
        make_runner(PREFLIGHT, dict(num_classes=4)).train()
    with pytest.raises(AskedForWeightsError):
        make_runner(PREFLIGHT).train()


@pytest.mark.parametrize('pass_first', [False, True])
def test_the_preprocessor_has_as_many_classes_as_the_data(
    make_runner, pass_first
):
    from .conftest import make_model

    model = make_model({})
    model['data_preprocessor']['num_classes'] = 3 if pass_first else 20
    runner = make_runner(PREFLIGHT, model=model)
    runner.train()
    assert runner.model.data_preprocessor.num_classes == 3


def test_complete_labels_beside_partial_ones_are_all_observed(
    make_runner, val_cfg, dataset_cfg
):
    complete = val_cfg['val_dataloader']['dataset']
    sets = [copy.deepcopy(dataset_cfg), complete]
    joined = dict(type='ConcatDataset', datasets=sets)
    runner = make_runner(PREFLIGHT, dataset=joined)
    runner.train()
    assert runner.iter == 2 * 6
    samples = [x['data_samples'] for x in runner.train_dataloader.dataset]
    known = [[*s.gt_label.tolist(), *s.neg_label.tolist()] for s in samples]
    assert [len(labels) for labels in known] == [2] * 20 + [3] * 10


def test_labels_of_which_nobody_says_that_they_are_complete_are_refused(
    make_runner, val_cfg, dataset_cfg
):
    """MMPretrain's data sets do not tell."""
    other = dict(
        type='MultiLabelDataset',
        ann_file=val_cfg['val_dataloader']['dataset']['ann_file'],
        data_root=dataset_cfg['data_root'],
        data_prefix='val',
        pipeline=[
            dict(
                type='mmwsml.AddSampleId',
                namespace='other',
                data_root=dataset_cfg['data_root'],
            ),
            *dataset_cfg['pipeline'],
        ],
    )
    joined = dict(type='ConcatDataset', datasets=[dataset_cfg, other])
    runner = make_runner(PREFLIGHT, dataset=joined)
    with pytest.raises(
        ValueError, match=r'claim to be complete \(no `neg_lab'
    ):
        runner.train()
