"""Runs whose validation or test knows positives alone."""

import copy
import json
from unittest.mock import MagicMock

import numpy as np
import pytest

from mmwsml.engine.partial_truth import tell_doubtful_choice
from mmwsml.evaluation import doubtful_choice

PREFLIGHT = [dict(type='mmwsml.PreflightHook')]
HIDE = dict(type='mmwsml.KeepOnePositive')
UNDEFINED = 'of 3 classes none has an observed positive and an observed nega'
STOP = dict(type='mmwsml.StopBelowBestHook', margin=3)


def scores_of(runner, name):
    return runner.message_hub.get_scalar(f'val/multi-label/{name}').data[0]


def test_positives_alone_in_validation_are_measured_as_such(
    validate, tmp_path, capsys
):
    """Their mAP is 100 in every epoch; pu_AUC could have been lower."""
    checkpoint = dict(
        type='mmwsml.WholeCheckpointHook',
        save_best='multi-label/mAP',
        rule='greater',
    )
    plateau = dict(
        type='ReduceOnPlateauLR', by_epoch=True, monitor='multi-label/mAP'
    )
    runner = validate(
        [HIDE],
        hooks=[checkpoint, dict(STOP, monitor='multi-label/mAP')],
        param_scheduler=[plateau],
    )
    assert 'val/multi-label/mAP' not in runner.message_hub.log_scalars
    (value,) = scores_of(runner, 'pu_AUC')
    assert 0 < value < 100 and 0 < scores_of(runner, 'pu_mAP')[0] < 100
    (best,) = (tmp_path / 'work').glob('best_*.pth')
    assert best.name == 'best_multi-label_pu_AUC_epoch_1.pth'
    text = capsys.readouterr().out
    assert 'in 10 of 10 images no class is known to be absent' in text
    assert 'MeanAveragePrecision, by which every model is right, is' in text
    assert 'No image shows more than one label' in text
    assert (
        'WholeCheckpointHook, StopBelowBestHook, ReduceOnPlateauLR: '
        'multi-label/pu_AUC takes the place of multi-label/mAP' in text
    )


def test_a_split_of_a_file_of_positives_is_measured(
    validate, write_positives, val_cfg
):
    dataset = val_cfg['val_dataloader']['dataset']
    dataset.update(ann_file=write_positives(), labels='partial')
    split = dict(type='mmwsml.ValidationSplit', part='val', fraction=0.5)
    val_cfg['val_dataloader']['dataset'] = dict(split, dataset=dataset)
    assert 0 <= scores_of(validate(), 'pu_AUC')[0] <= 100


def test_no_label_at_all_is_refused(validate, val_cfg, tmp_path):
    path = tmp_path / 'none.json'
    data_list = [dict(img_path=f'{n}.png', gt_label=[]) for n in range(10)]
    metainfo = dict(classes=['cat', 'dog', 'horse'])
    path.write_text(json.dumps(dict(metainfo=metainfo, data_list=data_list)))
    message = f'`val_dataloader` cannot tell .*--no-validate.*{UNDEFINED}'
    with pytest.raises(ValueError, match=message):
        validate(dataset=dict(ann_file=str(path), labels='partial'))
    assert validate.steps == 0


def test_few_negatives_beside_many_positives_are_told(
    validate, val_cfg, tmp_path, capsys
):
    """Somebody has looked for them, where they are hard to tell."""
    path = tmp_path / 'hard.json'
    data_list = [
        dict(img_path=f'{n}.png', gt_label=[0] * (n < 5), neg_label=[1])
        for n in range(9)
    ]
    data_list[7]['neg_label'] = [0]
    metainfo = dict(classes=['cat', 'dog', 'horse'])
    path.write_text(json.dumps(dict(metainfo=metainfo, data_list=data_list)))
    runner = validate(dataset=dict(ann_file=str(path), labels='partial'))
    assert scores_of(runner, 'mAP')
    assert (
        '1 of 3 classes have more observed positives than negatives'
        in capsys.readouterr().out
    )


def test_a_mixture_is_told_before_the_first_step(
    validate, write_positives, capsys
):
    """As LVIS: of some classes there are negatives, of others none."""
    dataset = dict(ann_file=write_positives(_0=[1]), labels='partial')
    runner = validate(dataset=dataset)
    text = capsys.readouterr().out
    (line,) = (x for x in text.splitlines() if 'leaves out' in x)
    assert 'MeanAveragePrecision leaves out 2 of 3 classes: 2 of posit' in line
    assert line.endswith('(cat, horse).')
    scores = scores_of(runner, 'mAP')
    assert scores[-1] < 100
    assert scores_of(runner, 'classes_left_out')[-1] == 2
    assert 0 < scores_of(runner, 'pu_AUC')[-1] < 100  # of all classes


def test_positives_alone_in_test_are_measured_as_such(make_runner, val_cfg):
    cfg = {f'test{key[3:]}': copy.deepcopy(val_cfg[key]) for key in val_cfg}
    make_runner(PREFLIGHT, **cfg).test()
    cfg['test_dataloader']['dataset']['pipeline'].insert(0, HIDE)
    runner = make_runner(PREFLIGHT, **cfg)
    found = runner.test()
    assert list(found) == [
        'multi-label/pu_mAP',
        'multi-label/pu_AUC',
        'multi-label/pu_classes_left_out',
    ]


@pytest.mark.parametrize('prefix', ['multi-label', 'mine'])
def test_a_choice_that_pu_map_contradicts_is_told_after_training(prefix):
    """Two epochs that pu_AUC ranks one way and pu_mAP the other."""
    runner = MagicMock()
    runner.message_hub.log_scalars = {
        f'val/{prefix}/pu_{name}': MagicMock(data=(np.array(values), None))
        for name, values in (('AUC', (70.0, 71.0)), ('mAP', (20.0, 19.7)))
    }
    tell_doubtful_choice(runner)
    always, line = (c.args[0] for c in runner.logger.warning.mock_calls)
    assert always.startswith('Choosing the epoch on partial labels cost 0.1')
    assert 'The best pu_AUC, 71.00, has a pu_mAP of 19.70' in line
    scalars = runner.message_hub.log_scalars
    scalars[f'val/{prefix}/pu_mAP'].data[0][1] = 19.9
    runner.logger.reset_mock()
    tell_doubtful_choice(runner)
    runner.logger.warning.assert_called_once_with(always)


def test_labels_that_look_chosen_are_told_after_training():
    runner = MagicMock()
    runner.message_hub.log_scalars = {
        f'val/multi-label/pu_{name}': MagicMock(data=(values, None))
        for name, values in (
            ('AUC', [70.0, 71.0]),
            ('mAP', [20.0, 21.0]),
            ('one_sided', [97.0, 96.0]),
        )
    }
    tell_doubtful_choice(runner)
    line = runner.logger.warning.call_args.args[0]
    assert 'it shows the same one in 96 % of the cases' in line
    shares = 'val/multi-label/pu_one_sided'
    runner.message_hub.log_scalars[shares].data = [76.0, 75.0], None
    runner.logger.reset_mock()
    tell_doubtful_choice(runner)
    assert runner.logger.warning.call_count == 1


def test_a_run_asks_whether_its_choice_is_in_doubt(
    validate, monkeypatch, capsys
):
    monkeypatch.setattr(doubtful_choice, 'SHORT', -1)
    validate([HIDE])
    assert 'The best pu_AUC, ' in capsys.readouterr().out
