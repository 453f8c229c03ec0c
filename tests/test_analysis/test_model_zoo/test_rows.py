"""A config's row: what its name says, and what was published for it."""

import pytest

from mmwsml.analysis.model_zoo.rows import find_published_run, read_name

RESNET50 = 'resnet50_in1k-pre_1xb16'


@pytest.mark.parametrize(
    'name, score',
    [
        (f'll-ct_{RESNET50}-sgd-10e_voc12-1pos-448px', 89.0),
        (f'll-ct_{RESNET50}-sgd-linearinit-10e_voc12-1pos-448px', 89.3),
        ('iu_resnet101_in1k-pre_4xb72-adam-9e_openimagesv3-org-224px', 75.9),
    ],
)
def test_the_published_run_of_a_config_is_found(name, score):
    assert find_published_run(name).score == score


@pytest.mark.parametrize(
    'name',
    [
        f'll-ct_{RESNET50}-sgd-10e_voc12-1pos-224px',
        'll-ct_resnet18_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px',
        f'hill_{RESNET50}-sgd-10e_voc12-1pos-448px',
        'iu_resnet50_in1k-pre_4xb72-adam-9e_openimagesv3-org-448px',
    ],
)
def test_another_backbone_or_size_or_method_was_not_published(name):
    assert find_published_run(name) is None


def test_a_name_of_another_form_is_refused():
    with pytest.raises(ValueError, match='my-config: the name of a config'):
        read_name('my-config')
