"""Which numbers each option of a loss takes, and which it refuses."""

import math
import re

import pytest

from mmwsml.models import losses

INF = math.inf
NEEDED = {
    'EntropyMaximization': dict(alpha=0.2),
    'InteractiveMultiLabel': dict(num_classes=5),
}
#: An interval, a number at or near each end of it, and one beyond each.
NOT_NEGATIVE = 'finite and at least 0', (0, 1e30), (-1e-9, INF)
POSITIVE = 'finite and above 0', (1e-30, 1e30), (0, INF)
SHARE = 'in (0, 1]', (1e-30, 1), (0, 1.001)
BELOW_ONE = 'in [0, 1)', (0, 0.999), (-1e-9, 1)
RANGES = {
    ('AssumeNegative', 'label_smoothing'): (
        'in [0, 0.5)',
        (0, 0.49),
        (-1, 0.5),
    ),
    ('Asymmetric', 'gamma_positive'): NOT_NEGATIVE,
    ('Asymmetric', 'gamma_negative'): NOT_NEGATIVE,
    ('Asymmetric', 'margin'): BELOW_ONE,
    ('EntropyMaximization', 'alpha'): POSITIVE,
    ('EntropyMaximization', 'beta'): SHARE,
    ('ExpectedPositiveRegularization', 'kappa'): POSITIVE,
    ('GeneralizedRobust', 'q2'): SHARE,
    ('GeneralizedRobust', 'q3'): SHARE,
    ('Hill', 'lam'): ('finite and at least 1', (1, 1e30), (0.999, INF)),
    ('Hill', 'margin'): NOT_NEGATIVE,
    ('Hill', 'gamma'): NOT_NEGATIVE,
    ('InteractiveMultiLabel', 'smoothness'): NOT_NEGATIVE,
    ('LargeLossRejection', 'unobserved_weight'): SHARE,
    ('PartialAsymmetric', 'gamma_positive'): NOT_NEGATIVE,
    ('PartialAsymmetric', 'gamma_negative'): NOT_NEGATIVE,
    ('PartialAsymmetric', 'gamma_unobserved'): NOT_NEGATIVE,
    ('PartialAsymmetric', 'margin'): BELOW_ONE,
    ('PartialAsymmetric', 'prior_threshold'): (
        'in [0, 1]',
        (0, 1),
        (-0.1, 1.1),
    ),
    ('PartialBCE', 'beta'): ('finite', (5, 1e30), (-INF, INF)),
    ('SelfPacedCorrection', 'threshold'): ('in (0, 1)', (1e-9, 0.99), (0, 1)),
    ('SelfPacedCorrection', 'margin'): NOT_NEGATIVE,
    ('SelfPacedCorrection', 'gamma'): NOT_NEGATIVE,
}


def build(name, **options):
    return getattr(losses, name)(**{**NEEDED.get(name, {}), **options})


@pytest.mark.parametrize('name, option', RANGES)
def test_an_option_takes_its_interval_and_no_more(name, option):
    interval, inside, outside = RANGES[name, option]
    for value in inside:
        build(name, **{option: value})
    message = re.escape(f'`{option}` must be {interval}, but got')
    for value in (*outside, math.nan):
        with pytest.raises(ValueError, match=message):
            build(name, **{option: value})


@pytest.mark.parametrize('name, option', RANGES)
@pytest.mark.parametrize('value', ['1', True, None])
def test_an_option_is_a_number(name, option, value):
    if option in ('beta', 'kappa') and value is None:
        return  # EM has no beta, EPR says that kappa is missing
    with pytest.raises(TypeError, match=f'`{option}` must be a number'):
        build(name, **{option: value})
