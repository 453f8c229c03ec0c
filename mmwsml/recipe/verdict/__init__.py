"""Whether a fit can be trusted: facts, rules that look at them, words."""

from .facts import Facts, SplitFacts, collect_facts
from .finding import Finding
from .judge import Verdict, judge, judge_facts
from .missing_labels import MissingLabels

__all__ = [
    'Facts',
    'Finding',
    'MissingLabels',
    'SplitFacts',
    'Verdict',
    'collect_facts',
    'judge',
    'judge_facts',
]
