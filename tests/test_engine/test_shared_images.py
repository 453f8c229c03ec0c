"""Validation on what was trained on."""

from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from mmwsml.engine.shared_images import refuse_shared_images


@pytest.mark.parametrize(
    'place, name',
    [
        (dict(data_prefix='', namespace='images'), '0.png'),
        (dict(data_prefix='', namespace='other'), '0.png'),  # the same files
        (dict(data_prefix='val', namespace='images'), 'val/0.png'),  # names
    ],
)
def test_validating_on_images_of_training_is_refused(validate, place, name):
    message = f'10 images of `val_dataloader`, such as .*{name}, are in `train'
    with pytest.raises(ValueError, match=message):
        validate(dataset=place)
    assert validate.steps == 0


def test_it_may_be_meant(validate):
    place = dict(data_prefix='', namespace='images')
    validate(dataset=place, allow_shared=True)
    assert validate.steps == 4


def test_folds_share_nothing(make_runner, val_cfg, dataset_cfg):
    fold = dict(type='KFoldDataset', dataset=dataset_cfg, num_splits=4)
    val_cfg['val_dataloader']['dataset'] = dict(fold, test_mode=True)
    hooks = [dict(type='mmwsml.PreflightHook')]
    runner = make_runner(hooks, dataset=fold, **val_cfg)
    runner.train()
    assert runner.iter == 2 * 3


@pytest.mark.parametrize('keys, number', [([3, 4], 0), ([2, 3, 1], 2)])
def test_millions_are_compared_as_numbers(keys, number):
    parts = [Mock(spec=['sample_keys', 'get_data_info']) for _ in range(2)]
    parts[0].sample_keys.return_value = 'huge/train', np.array([1, 2])
    parts[1].sample_keys.return_value = 'huge/train', np.array(keys)
    joined = [SimpleNamespace(datasets=[part]) for part in parts]
    if number:
        with pytest.raises(
            ValueError, match=r'2 images .* of one `namespace`'
        ):
            refuse_shared_images(*joined)
    else:
        refuse_shared_images(*joined)
    assert not parts[0].get_data_info.called
