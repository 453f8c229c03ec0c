"""The verdict on a fit, in plain words."""

from typing import List, NamedTuple, Optional, Tuple

from mmwsml.records.run_folder import write_versioned

from ..fitted_folder import FittedFolder
from .evidence import Evidence, Measure
from .facts import Facts, collect_facts
from .finding import (
    BROKEN,
    DOUBT,
    NOTE,
    SEVERITIES,
    Finding,
)
from .image_rules import IMAGE_RULES
from .label_rules import LABEL_RULES
from .missing_labels import MissingLabels, find_missing
from .model_rules import MODEL_RULES
from .split_rules import SPLIT_RULES
from .training_rules import TRAINING_RULES
from .words import (
    tell_findings,
    tell_measures,
    tell_missing,
    tell_unjudged,
)

ALL_RULES = (
    *IMAGE_RULES,
    *LABEL_RULES,
    *MODEL_RULES,
    *SPLIT_RULES,
    *TRAINING_RULES,
)
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
    keep_verdict(folder, verdict)
    return verdict


def keep_verdict(folder: FittedFolder, verdict: Verdict) -> None:
    """Write verdict.json."""
    write_versioned(folder.verdict, verdict.to_json())


def judge_facts(facts: Facts) -> Verdict:
    """Judge facts, wherever they are from.

    Args:
        facts (Facts): Of a fit.
    """
    evidence = Evidence(facts)
    found = [finding for rule in ALL_RULES for finding in rule(evidence)]
    found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    severity = found[0].severity if found else NOTE
    missing = None if severity == BROKEN else find_missing(evidence)
    measure = evidence.measure(evidence.judged, evidence.kept)
    next_step = _choose_next(found, missing, evidence)
    lines = [
        HEADS[severity],
        *tell_findings(found),
        *tell_measures(evidence, measure),
        *tell_unjudged(evidence),
        *tell_missing(missing, evidence),
        f'Next: {next_step}.',
    ]
    return Verdict(
        severity, tuple(found), measure, missing, next_step, tuple(lines)
    )


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
