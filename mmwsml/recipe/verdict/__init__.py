"""The verdict on a fit: facts of its folder, rules, and plain words."""

from .judge import Verdict, judge, judge_facts, keep_verdict

__all__ = ['Verdict', 'judge', 'judge_facts', 'keep_verdict']
