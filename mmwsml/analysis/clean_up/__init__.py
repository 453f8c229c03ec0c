"""Which unobserved labels a person should look at, and their answers."""

from .answers import (
    add_answers,
    answered_annotations,
    read_answers,
    suspect_table,
)
from .clean_up import ListQuality, judge_list
from .suspects import Suspect, class_limits, rank_suspects

__all__ = [
    'ListQuality',
    'Suspect',
    'add_answers',
    'answered_annotations',
    'class_limits',
    'judge_list',
    'rank_suspects',
    'read_answers',
    'suspect_table',
]
