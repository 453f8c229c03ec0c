"""A fit with what a person has answered about the labels of another."""

import json
from itertools import count
from pathlib import Path
from typing import Dict, List, Optional, Union

from mmwsml.analysis.annotations import write_annotations

from .answers import answered_labels, read_known
from .fit import run_fit
from .fitted_folder import SPLITS, FittedFolder
from .image_features import take_over
from .request import Request
from .verdict.evidence import Evidence
from .verdict.facts import collect_facts
from .verdict.finding import percent

#: What is asked of the new fit as it was of the old one.
KEPT = 'backbone', 'weights', 'seed'


def refit(
    path: Union[str, Path], budget: float = 0, method: Optional[str] = None
) -> FittedFolder:
    """Fit again with the answers that are kept, on the same splits.

    A refit that was stopped goes on, unless there are new answers. Nothing of
    the fit itself is changed.

    Args:
        path (str | Path): The folder of a fit.
        budget (float): As of :func:`mmwsml.fit`. Defaults to 0.
        method (str, optional): Likewise. Defaults to None.

    Returns:
        FittedFolder: ``refit-1`` in that folder, or the next number.

    Raises:
        FileNotFoundError: If there are no answers, or no fit.
        ValueError: If an answer does not fit the labels.
    """
    folder = FittedFolder(path)
    labels = label_texts(folder)
    new = _choose_folder(folder, labels)
    paths = {}
    for split, text in labels.items():
        paths[split] = new.given(split)
        if not paths[split].is_file():
            content = json.loads(text)
            classes = content['metainfo']['classes']
            write_annotations(paths[split], classes, content['data_list'])
    plan = json.loads(folder.plan.read_text(encoding='utf-8'))
    asked = {name: plan['asked'][name] for name in KEPT}
    request = Request(
        labels=str(paths['train']),
        val=str(paths['val']),
        test=str(paths['test']),
        images=plan['images'],
        out=str(new.path),
        budget=budget,
        method=method,
        size=plan['data']['size'],
        **asked,
    )
    if not new.labels('train').is_file():
        take_over(folder, new)
    return run_fit(request)


def label_texts(folder: FittedFolder) -> Dict[str, str]:
    """Write the labels of each split with all answers, as JSON.

    What is known to be absent is listed, in complete labels, too, so that a
    file says all by itself.

    Raises:
        FileNotFoundError: If there are no answers, or no fit.
        ValueError: If an answer does not fit the labels.
    """
    answered = answered_labels(folder)
    known, classes = read_known(folder)
    texts = {}
    for split in SPLITS:
        entries: List[dict] = answered.get(split) or [
            dict(
                img_path=name.partition('/')[2],
                gt_label=positives,
                neg_label=negatives,
            )
            for name, (positives, negatives) in known[split].items()
        ]
        content = dict(metainfo=dict(classes=list(classes)), data_list=entries)
        texts[split] = json.dumps(content)
    return texts


def _choose_folder(
    folder: FittedFolder, labels: Dict[str, str]
) -> FittedFolder:
    """Choose a refit that was stopped with these labels, or a new one."""
    for number in count(1):
        new = FittedFolder(folder.path / f'refit-{number}')
        if not new.path.exists() or _can_go_on(new, labels):
            break
    return new


def _can_go_on(folder: FittedFolder, labels: Dict[str, str]) -> bool:
    paths = [folder.given(split) for split in labels]
    if folder.model.is_file() or not all(path.is_file() for path in paths):
        return False
    texts = [path.read_text(encoding='utf-8') for path in paths]
    return texts == list(labels.values())


def compare(before: FittedFolder, after: FittedFolder) -> str:
    """Say what a refit has gained on test images, or on validation ones."""
    measures = []
    for folder in (before, after):
        evidence = Evidence(collect_facts(folder))
        splits = [x for x in ('test', 'val') if x in evidence.facts.splits]
        found = evidence.measure(splits[0], evidence.kept) if splits else None
        if found is None:
            return ''
        measures.append(found)
    old, new = measures
    if old.name != new.name:
        return ''
    return (
        f'{new.name} on {splits[0]} images: {percent(old.spread.value)} '
        f'before, {percent(new.spread.value)} with the answers'
    )
