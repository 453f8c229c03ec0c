from types import SimpleNamespace

import pytest
import torch
from torch.utils.data import TensorDataset

from mmwsml.inference.trained_classes import (
    classes_in,
    classes_of,
    drop_other_head,
    refuse_other_classes,
    refuse_other_start,
)


@pytest.mark.parametrize(
    'classes, message',
    [
        (
            ['a', 'c', 'b'],
            "Data calls class 1 'c', .* with 'b' there: mend",
        ),
        (['a', 'b'], 'Data has 2 classes, but the model was .* with 3: mend'),
        (['b', 'a', 'c', 'd'], 'Data has 4 classes'),
    ],
)
def test_other_classes_are_refused(classes, message):
    with pytest.raises(ValueError, match=message):
        refuse_other_classes(['a', 'b', 'c'], classes, 'Data', 'mend it')


def test_the_same_and_unknown_classes_are_accepted():
    for trained, classes in (
        (('a', 'b'), ['a', 'b']),
        (None, 'ab'),
        ([7], ['7']),
    ):
        refuse_other_classes(trained, classes, 'Data')
    refuse_other_classes(['a'], None, 'Data')


@pytest.mark.parametrize(
    'checkpoint',
    [
        {},
        dict(meta=None),
        dict(meta=dict(dataset_meta=None)),
        dict(meta=dict(dataset_meta=dict(classes=3))),
    ],
)
def test_a_checkpoint_may_name_no_classes(checkpoint):
    assert classes_of(checkpoint) is None


def test_a_data_set_may_name_no_classes():
    assert classes_in(TensorDataset(torch.zeros(1))) is None


@pytest.mark.parametrize(
    'classes, num_classes, kept',
    [
        (['a', 'b'], 2, 'all'),
        (['b', 'a'], 2, 'backbone'),
        (['a', 'b', 'c'], 3, 'backbone'),
    ],
)
def test_the_backbone_alone_is_left_of_weights_of_other_classes(
    classes, num_classes, kept
):
    names = 'backbone.w', 'module.neck.w', 'head.fc.bias', 'head.fc.weight'
    weights = {name: torch.zeros(2) for name in names}
    meta = dict(dataset_meta=dict(classes=('a', 'b')))
    message = drop_other_head(
        dict(meta=meta, state_dict=weights), classes, num_classes
    )
    if kept == 'all':
        assert message is None and len(weights) == 4
    else:
        assert 'backbone alone is taken' in message
        assert list(weights) == ['backbone.w', 'module.neck.w']


def test_weights_that_name_no_classes_are_told_by_their_number():
    weights = {'backbone.w': torch.zeros(1), 'head.fc.bias': torch.zeros(1000)}
    assert drop_other_head(dict(weights), None, 1000) is None
    assert 'trained with 1000' in drop_other_head(weights, ['a', 'b'], 2)
    assert list(weights) == ['backbone.w']


@pytest.mark.parametrize('place', ['model', 'head'])
def test_a_head_of_other_classes_is_no_start(tmp_path, place):
    """MMEngine takes it with the rest, and each cat begins as a dog."""
    path = tmp_path / 'epoch_1.pth'
    meta = dict(dataset_meta=dict(classes=['cat', 'dog']))
    torch.save(dict(meta=meta, state_dict={}), path)
    start = dict(type='Pretrained', checkpoint=str(path))
    model = SimpleNamespace(head=SimpleNamespace())
    part = model if place == 'model' else model.head
    part.init_cfg = start
    refuse_other_start(model, ['cat', 'dog'])
    refuse_other_start(model, None)
    wrapped = SimpleNamespace(module=model)
    with pytest.raises(ValueError, match=r"class 0 'dog', .* `load_from`"):
        refuse_other_start(wrapped, ['dog', 'cat'])
