"""Labels to ask somebody for, and what the answers tell of all."""

import math
from pathlib import Path
from typing import Dict, List, NamedTuple, Union

import numpy as np

from mmwsml.analysis.clean_up.answers import read_answers
from mmwsml.evaluation.predictions import Predictions, read_predictions
from mmwsml.evaluation.review_estimate import (
    Estimate,
    answers_for,
    estimate,
)
from mmwsml.evaluation.sampled_review import (
    Labels,
    draw,
    guess_chances,
    stratify,
)
from mmwsml.evaluation.thresholds import resolve_thresholds
from mmwsml.structures.overwriting import refuse_to_overwrite
from mmwsml.structures.short_value import short_value
from mmwsml.structures.spreadsheet import read_cell, write_spreadsheet
from mmwsml.structures.table_file import read_table
from mmwsml.structures.whole_file import whole_file

HEAD = 'sample_id', 'class', 'present', 'image', 'stratum', 'of'
LEAST = 30  # answers
MEASURES = (
    ('mAP', 'mAP'),
    ('precision', 'micro precision at the thresholds'),
    ('recall', 'micro recall at the thresholds'),
)
Thresholds = Union[str, float]


class _Plan(NamedTuple):
    result: Predictions
    labels: Labels
    chances: np.ndarray
    strata: np.ndarray


def sample_for_review(
    result_file: str,
    out: str,
    budget: int = 200,
    thresholds: Thresholds = 0.5,
    seed: int = 0,
    force: bool = False,
) -> str:
    """Write a list of labels whose answers tell most.

    Args:
        result_file (str): Result file of images with partial labels.
        out (str): The list, ``.csv``; ``present`` is for the answers, yes or
            no.
        budget (int): Lines. Defaults to 200.
        thresholds (str | float): A file of thresholds, or one number, of
            which precision and recall are asked. Defaults to 0.5.
        seed (int): Of the draw. Defaults to 0.
        force (bool): Whether to replace the list. Defaults to False.

    Returns:
        str: What was written, for a person's eyes.

    Raises:
        FileExistsError: If the list is there.
        ValueError: If the budget is too small or nothing is unknown.
    """
    path = Path(out).expanduser()
    refuse_to_overwrite([path], force=force)
    if budget < LEAST:
        raise ValueError(
            f'The budget must be {LEAST} answers at least, but is {budget}: '
            'fewer leave intervals that say nothing.'
        )
    plan = _plan(result_file, budget, thresholds)
    places = draw(plan.strata, budget, seed)
    counts = np.bincount(plan.strata[plan.strata >= 0])
    rows: List[tuple] = [HEAD]
    for place in places:
        n, k = divmod(int(place), plan.strata.shape[1])
        stratum = int(plan.strata[n, k])
        who = plan.result.sample_ids[n], plan.result.classes[k], ''
        where = plan.result.img_paths[n], stratum, int(counts[stratum])
        rows.append(who + where)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, newline='') as file:
        write_spreadsheet(file, rows)
    return (
        f'Wrote {len(places)} of {plan.labels.unknown.sum()} unknown labels '
        f'to {path}, from {len(counts)} strata: write yes or no into '
        '`present`, and read the list back with --answers.'
    )


def read_review(
    result_file: str, answered: str, thresholds: Thresholds = 0.5
) -> str:
    """Estimate what complete labels would say, from an answered list.

    Args:
        result_file (str): That of which the list was drawn.
        answered (str): The list. Lines without an answer are left out, as if
            they had not been drawn.
        thresholds (str | float): Those of the draw.

    Returns:
        str: Estimates with intervals of 95 %, for a person's eyes.

    Raises:
        ValueError: If there are too few answers, or the list is of another
            result file or of other thresholds.
    """
    asked = dict(_read_list(answered))
    plan = _plan(result_file, len(asked), thresholds)
    rows = {name: n for n, name in enumerate(plan.result.sample_ids)}
    columns = {name: k for k, name in enumerate(plan.result.classes)}
    for (sample_id, name), stratum in asked.items():
        n, k = rows.get(sample_id), columns.get(name)
        if n is None or k is None or plan.strata[n, k] != stratum:
            raise ValueError(
                f'{answered}: {short_value(name)} of {sample_id:.200} was not '
                f'drawn from {result_file} at these thresholds: give the '
                'result file and the thresholds of the draw, and leave all '
                'lines of the list where they are, answered or not.'
            )
    found = read_answers(answered)
    if len(found) < LEAST:
        raise ValueError(
            f'{answered}: {len(found)} of {len(asked)} lines have an answer, '
            f'but {LEAST} are needed at least: fewer leave intervals that '
            'say nothing.'
        )
    width = len(columns)
    places = [
        rows[sample_id] * width + columns[name] for sample_id, name in found
    ]
    estimates = estimate(
        plan.labels,
        plan.chances,
        plan.strata,
        np.array(places),
        np.array(list(found.values())),
    )
    return '\n'.join(_tell(estimates, len(found), len(asked), plan))


def _plan(path: str, budget: int, thresholds: Thresholds) -> _Plan:
    result = read_predictions(path)
    observed = result.observed
    if observed is None or observed.all():
        raise ValueError(
            f'{path}: all labels are known, so that there is nothing to ask '
            'for; tools/test.py measures it.'
        )
    limits = resolve_thresholds(thresholds, result.classes)
    labels = Labels(
        result.scores, result.target, ~observed, result.scores >= limits
    )
    if labels.unknown.sum() < LEAST:
        raise ValueError(
            f'{path}: {labels.unknown.sum()} labels are unknown, but a list '
            f'takes {LEAST} at least: write all of them into the annotation '
            'file, and tools/test.py measures it.'
        )
    # All are asked for at most; answers are counted by the lines of the list.
    budget = min(budget, int(labels.unknown.sum()))
    chances = guess_chances(labels)
    return _Plan(result, labels, chances, stratify(labels, chances, budget))


def _read_list(path: str) -> List[tuple]:
    """Read who was drawn, and from which stratum."""
    lines = []
    for number, row in read_table(path, HEAD[:3] + HEAD[4:5]):
        try:
            stratum = int(row['stratum'])
        except ValueError as error:
            raise ValueError(
                f'{path}, line {number}: `stratum` must be the number that '
                f'was written there, but is {short_value(row["stratum"])}.'
            ) from error
        pair = read_cell(row['sample_id']), read_cell(row['class'])
        lines.append((pair, stratum))
    return lines


def _tell(
    estimates: Dict[str, Estimate], number: int, asked: int, plan: _Plan
) -> List[str]:
    lines = [f'{number} of {asked} lines answered']
    # Of images that were learned from, the measures tell nothing.
    for name, text in MEASURES if plan.result.split != 'train' else ():
        value, low, high = (100 * x for x in estimates[name])
        lines.append(f'{text}: {value:.1f} % ({low:.1f} to {high:.1f})')
    lines.append(
        f'positives among {plan.labels.unknown.sum()} unknown labels: '
        '{:.0f} ({:.0f} to {:.0f})'.format(*estimates['missing'])
    )
    lines.append('Intervals of 95 %, if every answer is right.')
    more = answers_for(estimates, number)
    if more is not None and plan.result.split != 'train':
        lines.append(
            f'These intervals are wide: about {math.ceil(more / 10) * 10} '
            'answers would narrow each share to 20 points.'
        )
    return lines
