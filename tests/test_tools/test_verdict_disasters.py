"""Disasters of tools/checks/verdict_disasters.py, and runs without one."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mmwsml.recipe.verdict import judge_facts
from mmwsml.recipe.verdict.finding import NOTE

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools' / 'checks'))

from verdict_data import Data, draw, to_facts
from verdict_disasters import DISASTERS


@pytest.fixture(scope='module')
def data():
    """Make images whose features tell 6 classes, as photographs do."""
    rng = np.random.default_rng(0)
    truth = rng.random((800, 6)) < (0.6, 0.4, 0.3, 0.2, 0.2, 0.1)
    shown = truth @ rng.normal(0, 1, (6, 24))
    features = shown + rng.normal(0, 1, shown.shape)
    return Data(features.astype(np.float32), truth, tuple('abcdef'))


@pytest.mark.parametrize('what', DISASTERS, ids=lambda what: what.name)
def test_a_disaster_is_named(data, what):
    rng = np.random.default_rng(1)
    facts = to_facts(what.spoil(draw(data, 500, 'one', 1), rng))
    verdict = judge_facts(what.spoil_fit(facts, rng))
    assert {x.about for x in verdict.findings} & set(what.expected)
    assert len(verdict.lines) <= 12
    assert verdict.next_step


@pytest.mark.parametrize('how', ['one', 'tenth', 'all'])
@pytest.mark.parametrize('num', [300, 800])
def test_nothing_is_wrong_with_a_good_run(data, num, how):
    verdict = judge_facts(to_facts(draw(data, num, how, 0)))
    assert verdict.severity == NOTE, verdict.findings
    assert verdict.lines[0].startswith('Sound')
