"""Which unobserved labels a person should look at, and their answers."""

from .answers import answered_annotations, read_answers
from .class_limits import class_limits
from .list_quality import ListQuality, judge_list
from .list_table import suspect_table
from .suspects import Suspect, rank_suspects

__all__ = [
    'ListQuality',
    'Suspect',
    'answered_annotations',
    'class_limits',
    'judge_list',
    'rank_suspects',
    'read_answers',
    'suspect_table',
]
