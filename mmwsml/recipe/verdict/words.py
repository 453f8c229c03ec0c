"""The sentences of a verdict."""

from typing import List, Optional

import numpy as np

from ..fitted_folder import HEAD, NETWORK
from .evidence import FEW, Evidence, Measure
from .finding import Finding, name_classes, percent
from .missing_labels import MissingLabels
from .model_rules import WORDS

#: Findings that are said; the others are in verdict.json.
MOST_FINDINGS = 4


def tell_findings(found: List[Finding]) -> List[str]:
    """Say the gravest, and how many more there are."""
    lines = [finding.sentence for finding in found[:MOST_FINDINGS]]
    more = len(found) - len(lines)
    return lines + [f'And {more} more in verdict.json.'] * (more > 0)


def tell_measures(evidence: Evidence, measure: Optional[Measure]) -> List[str]:
    """Say how good the model is, on every split that was not learnt from."""
    if measure is None:
        return []
    lines = []
    for split, word in (('val', 'validation'), ('test', 'test')):
        found = evidence.measure(split, evidence.kept)
        if found is None or not np.isfinite(found.spread.value):
            continue
        number = len(evidence.facts.splits[split].positive)
        lines.append(
            f'{_write(found)} on {number:,} {word} images; chance is '
            f'{percent(found.spread.chance)}.'
        )
    head, network = (
        evidence.measure(evidence.judged, run) for run in (HEAD, NETWORK)
    )
    if head is not None and network is not None:
        lines.append(
            f'The head on frozen features reaches {_write(head)}, the '
            f'network trained end to end {_write(network)}; kept was '
            f'{WORDS[evidence.kept]}.'
        )
    return lines


def _write(measure: Measure) -> str:
    low, high = max(measure.spread.low, 0), min(measure.spread.high, 1)
    return (
        f'{measure.name} {percent(measure.spread.value)} '
        f'({100 * low:.0f} to {100 * high:.0f})'
    )


def tell_unjudged(evidence: Evidence) -> List[str]:
    """Name classes that cannot be judged, and why, in one line."""
    parts = [_name_unjudged(evidence, split) for split in evidence.held_out]
    text = '; '.join(part for part in parts if part)
    return [f'{text}.'] if text else []


def _name_unjudged(evidence: Evidence, split: str) -> str:
    places = np.flatnonzero(~evidence.judgeable(split))
    if not len(places):
        return ''
    counts = evidence.facts.splits[split].positive.sum(0)
    names = [
        f'{evidence.facts.classes[k]} ({_say_why(counts[k])})' for k in places
    ]
    return (
        f'{len(places)} of {len(counts)} classes cannot be judged on '
        f'{split}: {name_classes(names)}'
    )


def _say_why(count: int) -> str:
    if count >= FEW:
        return f'fewer than {FEW} known absent'
    return f'{count or "no"} positive{"" if count == 1 else "s"}'


def tell_missing(
    missing: Optional[MissingLabels], evidence: Evidence
) -> List[str]:
    """Say how many labels are missing, where to stop, what is right."""
    if missing is None:
        return []
    low, high = missing.interval
    text = (
        f'About {missing.number:,.0f} of {len(missing.rows):,} unknown '
        f'training labels are probably present ({low:,.0f} to {high:,.0f})'
    )
    if not missing.stop:
        return [f'{text}; none of them is surer than even.']
    stop = missing.stop
    if missing.only_ranks:
        return [f'{text}; {missing.tell_right(stop)}.']
    return [
        f'{text}; stop after the first {stop:,} of the list, of which about '
        f'{percent(missing.right(stop))} are right.'
    ]
