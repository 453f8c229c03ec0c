"""The verdict on a fit, in plain words."""

from typing import List, NamedTuple, Optional, Tuple

import numpy as np

from mmwsml.records.run_folder import write_versioned

from .fitted_folder import HEAD, NETWORK, FittedFolder
from .missing_labels import MissingLabels, find_missing
from .verdict_data_rules import DATA_RULES
from .verdict_evidence import FEW, Evidence, Measure
from .verdict_facts import Facts, collect_facts
from .verdict_finding import (
    BROKEN,
    DOUBT,
    NOTE,
    SEVERITIES,
    Finding,
    name_classes,
    percent,
)
from .verdict_model_rules import MODEL_RULES, WORDS

MOST_LINES, MOST_FINDINGS = 12, 4
#: What the first line says, by the gravest finding.
HEADS = {
    BROKEN: 'Something is wrong; do not use this model yet.',
    DOUBT: 'Usable with doubts.',
    NOTE: 'Sound, as far as this can be told.',
}
#: Share of labels that are probably missing from which looking at them comes
#: before anything else, where nothing is wrong: a tenth of what is known.
WORTH_A_LOOK = 0.1


class Verdict(NamedTuple):
    """What a person should know of a fit."""

    #: 'broken', 'doubt' or 'note', as the gravest finding.
    severity: str
    #: The gravest first.
    findings: Tuple[Finding, ...]
    #: Of the kept model, on the split that is judged.
    measure: Optional[Measure]
    missing: Optional[MissingLabels]
    #: The one thing to do.
    next_step: str
    #: For the terminal, 12 at most.
    lines: Tuple[str, ...]

    def to_json(self) -> dict:
        """Return what verdict.json holds."""
        missing = self.missing
        return dict(
            severity=self.severity,
            lines=list(self.lines),
            next_step=self.next_step,
            findings=[finding._asdict() for finding in self.findings],
            measure=self.measure and _numbers(self.measure),
            missing=missing
            and dict(
                number=missing.number,
                interval=list(missing.interval),
                stop=missing.stop,
                right=missing.right(missing.stop),
            ),
        )


def judge(folder: FittedFolder) -> Verdict:
    """Judge what a fit has left in its folder, and write verdict.json.

    Args:
        folder (FittedFolder): With labels, features and scores.

    Raises:
        FileNotFoundError: If it holds no labels.
        ValueError: If its files are not of the same images.
    """
    verdict = judge_facts(collect_facts(folder))
    write_versioned(folder.verdict, verdict.to_json())
    return verdict


def judge_facts(facts: Facts) -> Verdict:
    """Judge facts, wherever they are from.

    Args:
        facts (Facts): Of a fit.
    """
    evidence = Evidence(facts)
    found = [
        finding
        for rule in (*DATA_RULES, *MODEL_RULES)
        for finding in rule(evidence)
    ]
    found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    severity = found[0].severity if found else NOTE
    missing = None if severity == BROKEN else find_missing(evidence)
    measure = evidence.measure(evidence.judged, evidence.kept)
    next_step = _choose_next(found, missing, evidence)
    lines = [
        HEADS[severity],
        *_tell_findings(found),
        *_tell_measures(evidence, measure),
        *_tell_unjudged(evidence),
        *_tell_missing(missing, evidence),
        f'Next: {next_step}.',
    ]
    return Verdict(
        severity, tuple(found), measure, missing, next_step, tuple(lines)
    )


def _tell_findings(found: List[Finding]) -> List[str]:
    lines = [finding.sentence for finding in found[:MOST_FINDINGS]]
    more = len(found) - len(lines)
    return lines + [f'And {more} more in verdict.json.'] * (more > 0)


def _tell_measures(
    evidence: Evidence, measure: Optional[Measure]
) -> List[str]:
    """Say how good the model is, on every split that was not learnt from."""
    if measure is None:
        return []
    lines = []
    for split in ('val', 'test'):
        found = evidence.measure(split, evidence.kept)
        if found is None or not np.isfinite(found.spread.value):
            continue
        number = len(evidence.facts.splits[split].positive)
        lines.append(
            f'{split}: {_write(found)} on {number:,} images; by chance '
            f'{percent(found.spread.chance)}.'
        )
    head = evidence.measure(evidence.judged, HEAD)
    if evidence.gain is not None and head is not None:
        network = evidence.measure(evidence.judged, NETWORK)
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


def _tell_unjudged(evidence: Evidence) -> List[str]:
    part = evidence.facts.splits[evidence.judged]
    places = np.flatnonzero(~evidence.judgeable(evidence.judged))
    if not len(places):
        return []
    counts = part.positive.sum(0)
    names = [
        f'{evidence.facts.classes[k]} ({_say_why(counts[k])})' for k in places
    ]
    return [
        f'{len(places)} of {len(counts)} classes cannot be judged on '
        f'{evidence.judged}: {name_classes(names)}.'
    ]


def _say_why(count: int) -> str:
    if count >= FEW:
        return f'fewer than {FEW} known absent'
    return f'{count or "no"} positive{"" if count == 1 else "s"}'


def _tell_missing(
    missing: Optional[MissingLabels], evidence: Evidence
) -> List[str]:
    if missing is None:
        return []
    low, high = missing.interval
    text = (
        f'About {missing.number:,.0f} of {len(missing.rows):,} unknown '
        f'training labels are probably present ({low:,.0f} to {high:,.0f})'
    )
    if not missing.stop:
        return [f'{text}; none of them is surer than even.']
    right = missing.right(missing.stop)
    return [
        f'{text}; stop after the first {missing.stop:,} of the list, of which '
        f'about {percent(right)} are right.'
    ]


def _choose_next(
    found: List[Finding],
    missing: Optional[MissingLabels],
    evidence: Evidence,
) -> str:
    """Choose the one thing to do: what is wrong first, then what helps."""
    known = max(int(evidence.train.positive.sum()), 1)
    for finding in found:
        if finding.severity != NOTE and finding.remedy:
            return finding.remedy
    if missing is not None and missing.stop > WORTH_A_LOOK * known:
        return f'look at the first {missing.stop:,} of mmwsml review'
    notes = [finding.remedy for finding in found if finding.remedy]
    return notes[0] if notes else 'use it: mmwsml predict'


def _numbers(measure: Measure) -> dict:
    spread = measure.spread
    return dict(
        name=measure.name,
        value=spread.value,
        interval=[spread.low, spread.high],
        chance=spread.chance,
        auc=measure.auc.value,
    )
