"""Runs that would end in a number that says nothing, or in none."""

import pytest
from mmengine.evaluator import BaseMetric
from mmpretrain.evaluation import MultiLabelMetric
from mmpretrain.registry import METRICS


def test_the_map_that_absent_classes_allow_is_told_once(validate, capsys):
    """In complete labels: class 1 is in no image, 0 and 2 in some."""
    validate(train_cfg=dict(by_epoch=True, max_epochs=2))
    told = (
        'mAP counts 0 for 1 of 3 classes observed without a positive (dog), '
        "so that it reaches 66.7 at most; absent='skip' leaves them out."
    )
    assert capsys.readouterr().out.count(told) == 1


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


@pytest.mark.parametrize('name', ['Accuracy', 'ConfusionMatrix'])
def test_metrics_of_one_label_an_image_are_refused(validate, name):
    message = f'{name} is of images of one label, but `val_dataloader` has'
    with pytest.raises(ValueError, match=message):
        validate(evaluator=dict(type=name))
    assert validate.steps == 0


@pytest.mark.parametrize(
    'metric, name', [(HOST, 'map'), (dict(type='MultiLabelMetric'), 'mAP')]
)
def test_metrics_of_mmpretrain_are_asked_too(validate, metric, name):
    hook = dict(CHECKPOINT, save_best=f'multi-label/{name}')
    with pytest.raises(ValueError, match=f"save_best='multi-label/{name}', b"):
        validate(hooks=[hook], evaluator=metric)
    assert validate.steps == 0


@METRICS.register_module()
class ByImage(MultiLabelMetric):
    """Reads what only its own data set packs."""

    def process(self, data_batch, data_samples):
        super().process(data_batch, data_samples)
        assert all(sample['img_path'] for sample in data_samples)


@pytest.mark.parametrize(
    'metric, name',
    [
        (dict(type='MultiLabelMetric', topk=3), 'precision_top3'),
        (dict(type='ByImage', thr=0.5), 'recall'),
    ],
)
def test_metrics_that_do_not_take_two_classes_pass(validate, metric, name):
    hook = dict(CHECKPOINT, save_best=f'multi-label/{name}')
    validate(hooks=[hook], evaluator=metric)
    assert validate.steps == 4


@METRICS.register_module()
class CountImages(BaseMetric):
    default_prefix = 'count'
    names = 'cat', 'dog'  # anything of its own

    def process(self, data_batch, data_samples):
        self.results.extend(data_samples)

    def compute_metrics(self, results):
        return dict(images=len(results))


def test_metrics_of_others_say_their_prefix_alone(validate):
    metric = dict(type='CountImages')
    hook = dict(CHECKPOINT, save_best='count/image')
    with pytest.raises(ValueError, match="save_best='count/image', but"):
        validate(hooks=[hook], evaluator=metric)
    assert validate.steps == 4  # found when the metric has spoken
    hook = dict(CHECKPOINT, save_best='images')
    message = r"save_best='images', but .*\['count/\.\.\.'\]"
    with pytest.raises(ValueError, match=message):
        validate(hooks=[hook], evaluator=metric)
    assert validate.steps == 0


def test_two_metrics_of_one_name_are_found_before_the_first_step(validate):
    metric = dict(type='mmwsml.MeanAveragePrecision')
    message = 'Two metrics .* give multi-label/mAP: give one .* a `prefix`'
    with pytest.raises(ValueError, match=message):
        validate(evaluator=[metric, dict(metric, absent='skip')])
    assert validate.steps == 0
    other = dict(metric, absent='skip', prefix='skip')
    validate(evaluator=[metric, other])
