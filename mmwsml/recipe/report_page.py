"""The page of a fit: the verdict first, then what it rests on."""

import json
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import numpy as np

from mmwsml.analysis.report.data_table import (
    Cell,
    Column,
    DataTable,
    finite,
    share_pictures,
)
from mmwsml.analysis.report.markup import Markup, render
from mmwsml.analysis.report.page import make_page, open_runs, refuse_other
from mmwsml.analysis.report.pictures import Pictures
from mmwsml.analysis.report.run import Run
from mmwsml.analysis.report_options import ReportOptions
from mmwsml.evaluation.functional import average_precision_of_class
from mmwsml.evaluation.positive_unlabeled import roc_auc_of_class
from mmwsml.structures.whole_file import write_whole

from .fitted_folder import NETWORK, FittedFolder
from .verdict import Verdict, judge_facts, keep_verdict
from .verdict.evidence import Evidence
from .verdict.facts import Facts, collect_facts
from .verdict.missing_labels import MissingLabels
from .verdict.statistics import by_class

#: Lines of the list that a person answers; what their pictures weigh; how
#: many of the first have one.
MOST_LINES, SIZE, WITH_PICTURE = 5000, 288, 300
LABELS = (
    Column('picture', 'picture', saved=''),
    Column('class', filter='choice'),
    Column('image', filter='text', saved='sample_id'),
    Column('present?', 'answer', saved='present'),
    Column('chance, %', 'number', 'least', saved=''),
)
CLASSES = (
    Column('class', filter='text'),
    Column('known positives of training', 'number'),
    Column('positives', 'number'),
    Column('AP, %', 'number', 'least', digits=1),
    Column('AUC, %', 'number', 'least', digits=1),
)


def write_report(folder: FittedFolder) -> Verdict:
    """Judge a fit, and write its verdict.json and report.html.

    Args:
        folder (FittedFolder): As far as the fit got; a run of the network is
            told of where it is there.

    Returns:
        Verdict: What stands first on the page.

    Raises:
        FileExistsError: If report.html is there and is no report.
        FileNotFoundError: If the folder holds no labels.
        ValueError: If its files are not of the same images.
    """
    facts, plan = collect_facts(folder), {}
    if folder.plan.is_file():
        plan = json.loads(folder.plan.read_text(encoding='utf-8'))
    verdict = judge_facts(facts)
    keep_verdict(folder, verdict)
    refuse_other(folder.report)
    lead = render(
        'verdict',
        verdict=verdict,
        table=_write_classes(facts, folder),
        missing=_write_missing(facts, verdict.missing, folder, plan),
    )
    page = make_page(_find_runs(folder), _name_data(plan, folder), lead)
    write_whole(folder.report, page.encode('utf-8', 'replace'))
    return verdict


def _name_data(plan: dict, folder: FittedFolder) -> str:
    """Take the name of the label file; 'labels.csv' says less than a folder.

    So the folder of the images stands beside it.
    """
    labels = (plan.get('asked') or {}).get('labels')
    names = [Path(x).name for x in (labels, plan.get('images')) if x]
    return ' and '.join(names) or folder.path.resolve().name


def _find_runs(folder: FittedFolder) -> List[Run]:
    """Open the run of the network, if anything is written of it."""
    path = folder.run(NETWORK)
    try:
        return open_runs([str(path)], ReportOptions())
    except FileNotFoundError:
        return []


def _write_classes(facts: Facts, folder: FittedFolder) -> Markup:
    """Write how good each class is, on the split that is judged."""
    evidence = Evidence(facts)
    split, run = evidence.judged, evidence.kept
    part = facts.splits[split]
    scores = part.scores.get(run or '')
    if split == 'train' or scores is None or not np.isfinite(scores).all():
        return Markup('')
    counted = part.observed
    if not evidence.has_both_kinds(part):
        counted = np.ones_like(part.observed)
    measured = [
        by_class(measure, scores, part.positive, counted)
        for measure in (average_precision_of_class, roc_auc_of_class)
    ]
    if not evidence.has_both_kinds(part):
        measured[0] = np.full_like(measured[0], np.nan)
    columns = zip(
        facts.classes,
        evidence.train.positive.sum(0).tolist(),
        part.positive.sum(0).tolist(),
        *((100 * values).tolist() for values in measured),
    )
    rows: List[Sequence[Cell]] = [
        (name, known, positives, finite(ap), finite(auc))
        for name, known, positives, ap, auc in columns
    ]
    caption = f'Classes, measured on {split}'
    return DataTable('classes', caption, CLASSES, rows, 'classes.csv').write()


def _write_missing(
    facts: Facts,
    missing: Optional[MissingLabels],
    folder: FittedFolder,
    plan: dict,
) -> Markup:
    """Write the labels that are probably missing, for a person to answer."""
    if missing is None or not len(missing.rows):
        return Markup('')
    train = facts.splits['train']
    num = min(len(missing.rows), MOST_LINES)
    ids = [train.sample_ids[n] for n in missing.rows[:num]]
    pictures = Pictures(_find_images(ids[:WITH_PICTURE], plan))
    uris = [pictures.uri(name, SIZE) for name in ids[:WITH_PICTURE]]
    shown, places = share_pictures([*uris, *[None] * (num - len(uris))])
    rows: List[Sequence[Cell]] = [
        (place, facts.classes[k], name, None, finite(100 * chance))
        for place, k, name, chance in zip(
            places, missing.classes, ids, missing.chances
        )
    ]
    table = DataTable(
        'missing',
        'Labels that are probably missing, the surest first',
        LABELS,
        rows,
        'review.csv',
        shown,
        str(folder.path.resolve()),
    )
    return Markup('<p>{}</p>').format(_explain(missing, num)) + table.write()


def _explain(missing: MissingLabels, num: int) -> str:
    stop = min(missing.stop, num)
    text = f'The {num:,} surest of {len(missing.rows):,} unknown labels. '
    if stop:
        text += (
            f'Of the first {stop:,} {missing.tell_right(stop)} are right;'
            ' after them more are wrong than right. '
        )
    return text + (
        'Answer by mouse or keyboard; answers stay in this browser. Save them '
        'as CSV, and hand the file to mmwsml review DIR --answers FILE.'
    )


def _find_images(names: Sequence[str], plan: dict) -> Dict[str, str]:
    if not plan.get('images'):
        return {}
    paths = {
        name: Path(plan['images'], name.partition('/')[2]) for name in names
    }
    return {k: str(path) for k, path in paths.items() if path.is_file()}
