"""The defaults of every method are the constants that were published."""

import inspect

import pytest

from mmwsml import models

#: Sources: docs/methods.md. Where two are published, the first data set's.
PUBLISHED = {
    'LabelSmoothingAssumeNegative': dict(label_smoothing=0.1),
    'Focal': dict(gamma=2),
    'Asymmetric': dict(gamma_positive=0, gamma_negative=4, margin=0.05),
    'PartialAsymmetric': dict(
        gamma_positive=0,
        gamma_negative=2,
        gamma_unobserved=4,
        margin=0.05,
        num_likely=5,
        prior_threshold=0.5,
    ),
    'Hill': dict(lam=1.5, margin=1, gamma=2),
    'SelfPacedCorrection': dict(threshold=0.6, begin=2, margin=1, gamma=2),
    'GeneralizedRobust': dict(
        q2=0.01, q3=1, w=(0, 2), b=(-2, -2), mu=(0.5, 0.8), sigma=(2, 0.5)
    ),
    'PartialBCE': dict(alpha=-4.45, beta=5.45, gamma=1),
    'BoostLUHead': dict(alpha=5),
    'SoftLabels': dict(begin=5, share=0.9),
    'ThresholdMemory': dict(threshold=0.95, begin=2),
}


@pytest.mark.parametrize('name', PUBLISHED)
def test_defaults_are_the_published_constants(name):
    parameters = inspect.signature(getattr(models, name)).parameters
    defaults = {
        key: parameter.default
        for key, parameter in parameters.items()
        if isinstance(parameter.default, (int, float, tuple))
        and not isinstance(parameter.default, bool)
    }
    assert defaults == PUBLISHED[name]


@pytest.mark.parametrize(
    'name, option',
    [
        ('EntropyMaximization', 'alpha'),
        ('LabelEstimates', 'num_images'),
        ('InteractiveMultiLabel', 'num_classes'),
    ],
)
def test_what_differs_between_data_sets_has_no_default(name, option):
    parameters = inspect.signature(getattr(models, name)).parameters
    assert parameters[option].default is inspect.Parameter.empty
