import copy
import itertools
import json
import shutil

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from mmpretrain.registry import DATASETS

from mmwsml.engine import out_of_fold
from mmwsml.engine.out_of_fold import predict_out_of_fold
from mmwsml.structures import ImageRows, hash64
from mmwsml.structures.feature_arrays import FeatureArrays

IDS = [f'images/{n}.png' for n in range(20)]
KEYS = sorted(map(hash64, IDS))
NUMBERS = itertools.count()


@pytest.fixture
def cfg(dataset_cfg, tmp_path):
    """Describe a small LL-Cp on twenty images, two folds of ten."""
    head = dict(
        type='mmwsml.PartialLabelHead',
        num_classes=3,
        in_channels=8,
        loss=dict(
            type='mmwsml.LargeLossCorrection',
            selection=dict(type='mmwsml.ClassWiseSelection', step=1.0),
        ),
        label_store=dict(type='mmwsml.LabelMemory'),
    )
    loader = dict(
        batch_size=5,
        num_workers=0,
        dataset=dataset_cfg,
        collate_fn=dict(type='default_collate'),
        sampler=dict(type='DefaultSampler', shuffle=True),
    )
    sampler = dict(type='DefaultSampler', shuffle=False)
    content = dict(
        model=dict(
            type='ImageClassifier',
            backbone=dict(
                type='mmwsml.DigitNet', channels=(4, 8), strides=(2, 2)
            ),
            neck=dict(type='GlobalAveragePooling'),
            head=head,
            data_preprocessor=dict(num_classes=3, mean=[127.5], std=[63.75]),
        ),
        train_dataloader=loader,
        val_dataloader=dict(loader, sampler=sampler),
        val_cfg=dict(),
        val_evaluator=dict(type='mmwsml.MeanAveragePrecision'),
        train_cfg=dict(by_epoch=True, max_epochs=9),
        optim_wrapper=dict(optimizer=dict(type='Adam', lr=1e-2)),
        default_hooks=dict(
            logger=None,
            checkpoint=dict(type='CheckpointHook', interval=1),
            label_store=dict(type='mmwsml.LabelStoreHook'),
            epoch_seed=dict(type='mmwsml.EpochSeedHook'),
            preflight=dict(type='mmwsml.PreflightHook', allow_shared=True),
        ),
        custom_hooks=[
            dict(type='mmwsml.ClassWiseScheduleHook', kappa=1.6, begin=1)
        ],
        randomness=dict(seed=0),
        default_scope='mmpretrain',
        launcher='none',
        work_dir=str(tmp_path / 'work'),
        log_level='INFO',
    )
    # MMEngine gives two runs of one name in one second one log file.
    path = tmp_path / f'small{next(NUMBERS)}.py'
    path.write_text(Config(content).pretty_text)
    return Config.fromfile(path)


@pytest.fixture
def runners(monkeypatch):
    """Collect the runners of the trainings."""
    made, build = [], Runner.from_cfg

    def from_cfg(cfg):
        made.append(build(cfg))
        return made[-1]

    monkeypatch.setattr(out_of_fold.Runner, 'from_cfg', from_cfg)
    return made


def ids_of(runner):
    """Name the images that a run has trained on."""
    dataset = runner.train_dataloader.dataset
    infos = map(dataset.get_data_info, range(len(dataset)))
    return {info['sample_id'] for info in infos}


def test_each_fold_is_predicted_by_the_model_of_the_others(
    cfg, runners, tmp_path
):
    predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=2)
    arrays = FeatureArrays(tmp_path / 'out')
    assert arrays.keys.tolist() == KEYS
    assert arrays.features.shape == (20, 1, 3)
    assert len(runners) == 2
    dataset = DATASETS.build(cfg.train_dataloader.dataset)
    for index, image in enumerate(IDS):
        fold = KEYS.index(hash64(image)) % 2
        model = runners[fold].model.eval()
        assert image not in ids_of(runners[fold])
        assert image in ids_of(runners[1 - fold])
        inputs = dataset[index]['inputs'][None]
        data = model.data_preprocessor(dict(inputs=inputs))
        with torch.no_grad():
            expected = model(**data, mode='tensor')[0].numpy()
        np.testing.assert_allclose(arrays[image][0], expected, 1e-5, 1e-6)


def test_only_trains_so_many_epochs_on_the_other_folds(cfg, runners, tmp_path):
    predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=3)
    for runner in runners:
        assert runner.epoch == runner.max_epochs == 3
        assert len(runner.model.head.label_store.keys) == 10
    assert not list(tmp_path.rglob('*.pth'))
    text = '\n'.join(p.read_text() for p in tmp_path.rglob('*.log'))
    assert text.count('Hidden positives, estimated from') == 2
    assert 'multi-label/mAP' not in text


def test_the_estimate_of_hidden_positives_is_that_of_the_part(
    cfg, runners, tmp_path
):
    predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=1)
    for runner in runners:
        (hook,) = (h for h in runner.hooks if hasattr(h, 'kappa'))
        numbers = [int(i.split('/')[1][:-4]) for i in ids_of(runner)]
        for k in range(3):
            positives = sum(n % 3 == k for n in numbers)
            negatives = sum((n + 1) % 3 == k for n in numbers)
            unobserved = 10 - positives - negatives
            expected = min(0.6 * positives, unobserved)
            assert hook._hidden.num_unobserved[k] == unobserved
            assert hook._hidden.count[k] == pytest.approx(expected)


@pytest.mark.slow
def test_goes_on_with_the_fold_where_it_was_stopped(
    cfg, runners, tmp_path, monkeypatch
):
    predict_out_of_fold(cfg, tmp_path / 'whole', 2, num_epochs=1)
    predict, calls = out_of_fold.predict_images, []

    def stop(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return predict(*args)

    monkeypatch.setattr(out_of_fold, 'predict_images', stop)
    with pytest.raises(KeyboardInterrupt):
        predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=1)
    with pytest.raises(ValueError, match=r'10 of 20 images .* tools/out_of_f'):
        FeatureArrays(tmp_path / 'out', 'tools/out_of_fold.py')
    predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=1)
    assert len(calls) == 3 and len(runners) == 5
    whole, again = (FeatureArrays(tmp_path / x) for x in ('whole', 'out'))
    assert np.array_equal(whole.features, again.features)


@pytest.mark.slow
def test_a_second_round_ranks_by_the_scores_of_the_first(
    cfg, runners, tmp_path
):
    first = tmp_path / 'first'
    predict_out_of_fold(cfg, first, 2, num_epochs=1)
    second = copy.deepcopy(cfg)
    hook = dict(type='mmwsml.RankingScoresHook', folder=str(first))
    second.custom_hooks.append(hook)
    predict_out_of_fold(second, tmp_path / 'second', 2, num_epochs=1)
    scores = FeatureArrays(first)
    rows = ImageRows(scores.keys)
    for fold in range(2):
        selection = runners[2 + fold].model.head.loss_module.selection
        mine = [hash64(image) for image in ids_of(runners[2 + fold])]
        seen = scores.features[rows.find(np.array(mine))[0], 0]
        # Not exact: a memory and observed labels leave some out.
        assert (selection.mean.numpy() > seen.min(0) - 1e-4).all()
        assert (selection.mean.numpy() < seen.max(0) + 1e-4).all()


def test_says_what_the_scores_are_of(cfg, tmp_path):
    predict_out_of_fold(cfg, tmp_path / 'out', 2, num_epochs=1)
    meta = json.loads((tmp_path / 'out/meta.json').read_text())
    assert meta['config'].startswith('small') and meta['num_folds'] == 2


@pytest.mark.slow
def test_refuses_a_folder_of_another_training(cfg, tmp_path):
    out = tmp_path / 'out'
    predict_out_of_fold(cfg, out, 2, num_epochs=1)
    message = 'holds scores of another config, its options, other images or'
    for folds, epochs in ((3, 1), (2, 2)):
        with pytest.raises(ValueError, match=message):
            predict_out_of_fold(cfg, out, folds, epochs)
    cfg.work_dir = str(tmp_path / 'elsewhere')  # the same training
    predict_out_of_fold(cfg, out, 2, num_epochs=1)
    cfg.optim_wrapper.optimizer.lr = 1e-3
    with pytest.raises(ValueError, match=message):
        predict_out_of_fold(cfg, out, 2, num_epochs=1)
    shutil.rmtree(out)
    out.mkdir()
    with pytest.raises(ValueError, match='is there, but holds no scores: ch'):
        predict_out_of_fold(cfg, out, 2, num_epochs=1)


@pytest.mark.parametrize('folds', [1, 0, -3])
def test_refuses_less_than_two_folds(cfg, tmp_path, folds):
    with pytest.raises(ValueError, match='must be at least 2, but got'):
        predict_out_of_fold(cfg, tmp_path / 'out', folds, 1)


def test_refuses_more_folds_than_images(cfg, tmp_path):
    message = '21 folds are more than the 20 training images: choose fewer'
    with pytest.raises(ValueError, match=message):
        predict_out_of_fold(cfg, tmp_path / 'out', 21, 1)
    assert not (tmp_path / 'out').exists()


def test_refuses_no_epochs_at_all(cfg, tmp_path):
    with pytest.raises(ValueError, match='epochs must be at least 1, but'):
        predict_out_of_fold(cfg, tmp_path / 'out', 2, 0)


def test_refuses_a_loop_without_epochs(cfg, tmp_path):
    cfg.train_cfg = dict(type='mmwsml.ResumableIterLoop', max_iters=7)
    with pytest.raises(ValueError, match='its train loop counts no epochs'):
        predict_out_of_fold(cfg, tmp_path / 'out', 2, 1)


def test_refuses_a_config_without_transforms_of_validation(cfg, tmp_path):
    cfg.val_dataloader = cfg.val_cfg = cfg.val_evaluator = None
    with pytest.raises(ValueError, match='has no `val_dataloader`, whose pi'):
        predict_out_of_fold(cfg, tmp_path / 'out', 2, 1)
