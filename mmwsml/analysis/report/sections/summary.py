"""What the run is, and what it was trained on."""

from typing import List, Optional, Tuple

import numpy as np

from mmwsml.records import Records

from ..markup import Markup, render
from ..parts import note
from ..run import Run

Fact = Tuple[str, object]


def write_summary(run: Run, base: Optional[Run]) -> Markup:
    """Write configuration and data; says too what is not there."""
    facts = [('Folder', run.folder), *_config_facts(run)]
    notes: List[str] = []
    if run.has_records:
        facts += _data_facts(run.records)
        notes += run.records.skipped
    if run.why_no_pictures:
        notes.append(run.why_no_pictures)
    config = run.config_path and run.config_path.read_text(
        errors='replace', encoding='utf-8'
    )
    written = map(note, notes)
    return render('summary', facts=facts, notes=written, config=config)


def _config_facts(run: Run) -> List[Fact]:
    """List what a reader of several runs compares first."""
    if run.config_path is None:
        return [('Config', 'not in the folder')]
    facts: List[Fact] = [('Config', run.config_path.stem)]
    config = run.config
    if config is None:
        return [*facts, ('', 'It is not what a run writes, and was not run.')]
    model = _part(config, 'model')
    head = _part(model, 'head')
    facts += [
        ('Backbone', _type_of(model.get('backbone'))),
        ('Loss', _type_of(head.get('loss'))),
        ('Label store', _type_of(head.get('label_store'))),
        ('Seed', _part(config, 'randomness').get('seed')),
    ]
    facts += [
        (f'{_type_of(hook)} {name}', value)
        for hook in config.get('custom_hooks') or ()
        if isinstance(hook, dict)
        for name, value in hook.items()
        if name != 'type'
    ]
    return [fact for fact in facts if fact[1] is not None]


def _part(config: dict, name: str) -> dict:
    part = config.get(name)
    return part if isinstance(part, dict) else {}


def _type_of(part: Optional[dict]) -> Optional[str]:
    if not isinstance(part, dict):
        return None
    return str(part.get('type')).replace('mmwsml.', '')


def _data_facts(records: Records) -> List[Fact]:
    """Count the labels, as training saw them."""
    positives, negatives = records.given
    num_images, num_classes = len(records.images), len(records.classes)
    total = num_images * num_classes
    known = len(positives.classes) + len(negatives.classes)
    if records.images.complete:
        known = total
    facts: List[Fact] = [
        ('Method', records.method),
        ('Training images', f'{num_images:,}'),
        ('Classes', f'{num_classes:,}'),
        ('Known positives', _per_image(len(positives.classes), num_images)),
        ('Known labels', f'{known:,} of {total:,} ({known / total:.2%})'),
        ('Hidden positives', _count_hidden(records)),
        ('Recorded epochs', _count_epochs(records)),
    ]
    return facts


def _per_image(count: int, num_images: int) -> str:
    return f'{count:,} ({count / max(1, num_images):.2f} an image)'


def _count_hidden(records: Records) -> str:
    if records.truth is None:
        return 'nobody knows: the training labels were partial from the start'
    given = np.asarray(records.given[0].classes)
    count = len(records.truth.classes) - len(given)
    return _per_image(count, len(records.images))


def _count_epochs(records: Records) -> str:
    return f'{len(records.epochs)} of {records.num_epochs}'
