"""Runs that would end in a number that says nothing, or in none."""

import copy
import json

import pytest

PREFLIGHT = [dict(type='mmwsml.PreflightHook')]
HIDE = dict(type='mmwsml.KeepOnePositive')
UNDEFINED = 'of 3 classes none has an observed positive and an observed nega'


@pytest.fixture
def validate(make_runner, val_cfg):
    """Train with validation whose pipeline and settings may be changed."""

    def run(before=(), dataset=(), hooks=(), evaluator=None, **kwargs):
        cfg = copy.deepcopy(val_cfg)
        cfg['val_dataloader']['dataset'].update(dataset)
        if before:
            cfg['val_dataloader']['dataset']['pipeline'][:0] = before
        cfg['val_evaluator'] = evaluator or cfg['val_evaluator']
        kwargs.setdefault('train_cfg', dict(by_epoch=True, max_epochs=1))
        runner = make_runner([*PREFLIGHT, *hooks], **cfg, **kwargs)
        try:
            runner.train()
        finally:
            run.steps = runner.iter
        return runner

    return run


def test_positives_alone_in_validation_are_refused(validate):
    """Else mAP is 100 in epoch 1 and in every other one."""
    message = f'`val_dataloader` cannot tell .*--no-validate.*{UNDEFINED}'
    with pytest.raises(ValueError, match=message):
        validate([HIDE])
    assert validate.steps == 0


def test_a_split_of_a_file_of_positives_is_refused(
    validate, write_positives, val_cfg
):
    dataset = val_cfg['val_dataloader']['dataset']
    dataset.update(ann_file=write_positives(), labels='partial')
    split = dict(type='mmwsml.ValidationSplit', part='val', fraction=0.5)
    val_cfg['val_dataloader']['dataset'] = dict(split, dataset=dataset)
    with pytest.raises(ValueError, match=UNDEFINED):
        validate()
    assert validate.steps == 0


@pytest.fixture
def write_positives(tmp_path):
    """Write known positives alone, and other labels of single images."""

    def write(**others):
        data_list = [
            dict(img_path=f'{n}.png', gt_label=[n % 3]) for n in range(10)
        ]
        for number, negatives in others.items():
            data_list[int(number[1:])]['neg_label'] = negatives
        metainfo = dict(classes=['cat', 'dog', 'horse'])
        path = tmp_path / 'positives.json'
        text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
        path.write_text(text)
        return str(path)

    return write


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
    scores = runner.message_hub.get_scalar('val/multi-label/mAP').data[0]
    left_out = runner.message_hub.get_scalar(
        'val/multi-label/classes_left_out'
    )
    assert scores[-1] < 100 and left_out.current() == 2


def test_the_map_that_absent_classes_allow_is_told_once(validate, capsys):
    """In complete labels: class 1 is in no image, 0 and 2 in some."""
    validate(train_cfg=dict(by_epoch=True, max_epochs=2))
    told = (
        'mAP counts 0 for 1 of 3 classes observed without a positive (dog), '
        "so that it reaches 66.7 at most; absent='skip' leaves them out."
    )
    assert capsys.readouterr().out.count(told) == 1


def test_positives_alone_in_test_are_refused(make_runner, val_cfg):
    cfg = {f'test{key[3:]}': copy.deepcopy(val_cfg[key]) for key in val_cfg}
    make_runner(PREFLIGHT, **cfg).test()
    cfg['test_dataloader']['dataset']['pipeline'].insert(0, HIDE)
    runner = make_runner(PREFLIGHT, **cfg)
    with pytest.raises(ValueError, match=rf'`test_data.* one: .*{UNDEFINED}'):
        runner.test()


def test_a_label_of_no_class_is_found_before_the_first_step(
    validate, monkeypatch
):
    data_list = [dict(gt_label=[7], img_path='a.png')]
    monkeypatch.setattr(
        'mmwsml.datasets.observed_counts.iter_observed',
        lambda dataset: data_list,
    )
    with pytest.raises(ValueError, match=r'a\.png has the label 7, but'):
        validate()
    assert validate.steps == 0


CHECKPOINT = dict(type='CheckpointHook', rule='greater')
STOP = dict(type='mmwsml.StopBelowBestHook', margin=3)


@pytest.mark.parametrize(
    ('hook', 'option'),
    [
        (dict(CHECKPOINT, save_best='mAP'), 'save_best'),
        (dict(CHECKPOINT, save_best=['multi-label/mAP', 'mAP']), 'save_best'),
        (dict(type='EarlyStoppingHook', monitor='mAP'), 'monitor'),
        (dict(STOP, monitor='mAP'), 'monitor'),
    ],
)
def test_a_name_that_no_metric_gives_is_found_before_the_first_step(
    validate, hook, option
):
    message = rf"{option}='mAP', but .*\['multi-label/mAP'\]: choose one of"
    with pytest.raises(ValueError, match=message):
        validate(hooks=[hook])
    assert validate.steps == 0


def test_a_schedule_may_wait_too(validate):
    scheduler = dict(type='ReduceOnPlateauLR', by_epoch=True, monitor='loss')
    with pytest.raises(ValueError, match=r"LR has monitor='loss', but the me"):
        validate(param_scheduler=[scheduler])
    assert validate.steps == 0


@pytest.mark.parametrize('name', ['auto', 'multi-label/mAP'])
def test_names_that_a_metric_gives_are_accepted(validate, name):
    runner = validate(hooks=[dict(CHECKPOINT, save_best=name)])
    assert runner.message_hub.get_info('best_score') > 0


HOST = dict(type='AveragePrecision')


@pytest.mark.parametrize('name', ['AveragePrecision', 'MultiLabelMetric'])
def test_metrics_that_take_unobserved_for_absent_are_refused(validate, name):
    """Else a number comes out, and the best file is kept by it."""
    hide = dict(
        type='mmwsml.KeepKnownFraction', fraction=0.5, num_classes=3, seed=0
    )
    message = f'{name} takes .* absent one, but `val_dataloader` has such'
    with pytest.raises(ValueError, match=message):
        validate([hide], evaluator=dict(type=name))
    assert validate.steps == 0


def test_metrics_of_others_say_their_prefix_alone(validate):
    hook = dict(CHECKPOINT, save_best='multi-label/map')
    with pytest.raises(ValueError, match="save_best='multi-label/map', but"):
        validate(hooks=[hook], evaluator=HOST)
    assert validate.steps == 4  # found when the metric has spoken
    hook = dict(CHECKPOINT, save_best='map')
    message = r"save_best='map', but .*\['multi-label/\.\.\.'\]"
    with pytest.raises(ValueError, match=message):
        validate(hooks=[hook], evaluator=HOST)
    assert validate.steps == 0


def test_two_metrics_of_one_name_are_found_before_the_first_step(validate):
    metric = dict(type='mmwsml.MeanAveragePrecision')
    message = 'Two metrics .* give multi-label/mAP: give one .* a `prefix`'
    with pytest.raises(ValueError, match=message):
        validate(evaluator=[metric, dict(metric, absent='skip')])
    assert validate.steps == 0
    other = dict(metric, absent='skip', prefix='skip')
    validate(evaluator=[metric, other])
