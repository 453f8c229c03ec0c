import math

import pytest
import torch

from mmwsml.evaluation import MeanAveragePrecision


def sample(scores, positives=(0,), **fields):
    label = torch.tensor(positives, dtype=torch.long)
    return dict(pred_score=torch.tensor(scores), gt_label=label, **fields)


def test_no_image_is_refused():
    with pytest.raises(ValueError, match='undefined without an image'):
        MeanAveragePrecision().evaluate(0)


def test_scores_that_are_not_numbers_are_refused():
    metric = MeanAveragePrecision()
    metric.process({}, [sample([0.1, math.nan]), sample([0.1, 0.2])])
    with pytest.raises(ValueError, match='1 of 2 images have scores that'):
        metric.evaluate(2)


def test_a_sample_without_labels_is_refused():
    sample = dict(pred_score=torch.ones(2), img_path='a.jpg')
    with pytest.raises(KeyError, match=r'The image a.jpg has no `gt_label`'):
        MeanAveragePrecision().process({}, [sample])


@pytest.mark.parametrize('label', [-1, 2])
def test_a_class_outside_the_range_is_refused(label):
    with pytest.raises(ValueError, match=rf'The class {label} of a label'):
        MeanAveragePrecision().process({}, [sample([0.1, 0.2], [label])])


def test_images_beyond_the_data_set_do_not_count():
    metric = MeanAveragePrecision()
    samples = [sample([z], [0] * (z == 0.5)) for z in (0.5, 0.1, 0.5, 0.9)]
    metric.process({}, samples)
    assert metric.evaluate(3) == {'multi-label/mAP': 100}
