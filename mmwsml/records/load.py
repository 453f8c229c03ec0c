"""Opening the records of a run, refusing what is not whole."""

from pathlib import Path
from typing import Dict, List, Tuple, Union

from mmwsml.records.record_writer import DRAFT, FOLDER, epoch_name
from mmwsml.records.recorded_images import (
    KINDS,
    KINDS_WITH_TRUTH,
    RecordedImages,
)
from mmwsml.structures.format_version import (
    NewerFormatError,
    check_format_version,
)
from mmwsml.structures.json_text import parse_json
from mmwsml.structures.short_value import short_value

from .open_epoch import EpochRecords
from .records import Records

#: What run.json must hold, and of which type.
PARTS = dict(
    classes=list,
    kinds=list,
    method=str,
    num_epochs=int,
    num_images=int,
    complete=bool,
    fingerprint=str,
)
SWITCH = (
    '`--cfg-options default_hooks.record.type=mmwsml.RecordHook '
    'default_hooks.record.keep=losses`'
)


def load_records(run: Union[str, Path]) -> Records:
    """Open the records of a run.

    Nothing large is read: arrays are memory-mapped. Epochs that are not whole
    are left out and named in ``skipped``.

    Args:
        run (str): The work dir of the run.

    Returns:
        Records: Of the epochs that are whole.

    Raises:
        FileNotFoundError: If the run has no records.
        ValueError: If they are damaged, or of a later version.
    """
    run = Path(run)
    info = _read_info(run)
    folder = run / FOLDER
    images = RecordedImages.open(
        folder,
        len(info['classes']),
        has_truth='FN' in info['kinds'],
        complete=info['complete'],
    )
    if len(images) != info['num_images']:
        raise ValueError(
            f'{folder} is damaged: sample_ids_offsets.npy names '
            f'{len(images)} images, run.json '
            f'{short_value(info["num_images"])}; train again.'
        )
    if images.fingerprint() != info['fingerprint']:
        raise ValueError(
            f'{folder} is damaged: its images, labels or classes are not '
            'those of the fingerprint in run.json; copy the folder again, or '
            f'train again with {SWITCH}.'
        )
    epochs, skipped = _open_epochs(folder, images)
    return Records(run, info, images, epochs, skipped)


def _read_info(run: Path) -> dict:
    path = run / FOLDER / 'run.json'
    if not path.exists():
        raise FileNotFoundError(
            f'{run} holds no records: train it with mmwsml.RecordHook, on the '
            f'command line {SWITCH}.'
        )
    try:
        info = parse_json(path.read_bytes())
        if not isinstance(info, dict):
            raise ValueError('it must be an object')
        check_format_version(info.get('version'), path)
        _check_info(info)
    except NewerFormatError:
        raise
    except ValueError as error:
        raise ValueError(
            f'{path} is damaged ({error}); copy it again, or train again with '
            f'{SWITCH}.'
        ) from error
    return info


def _check_info(info: dict) -> None:
    """Refuse a note whose parts are not what RecordWriter writes."""
    for name, kind in PARTS.items():
        value = info.get(name)
        if type(value) is not kind:
            raise ValueError(
                f'`{name}` must be of the type {kind.__name__}, but is '
                f'{short_value(value)}'
            )
    if not all(isinstance(name, str) for name in info['classes']):
        raise ValueError('`classes` holds what is no text')
    if tuple(info['kinds']) not in (KINDS, KINDS_WITH_TRUTH):
        raise ValueError(f'`kinds` is {short_value(info["kinds"])}')
    if info['num_epochs'] < 1:
        raise ValueError(f'`num_epochs` is {short_value(info["num_epochs"])}')


def _open_epochs(
    folder: Path, images: RecordedImages
) -> Tuple[Dict[int, EpochRecords], List[str]]:
    epochs, skipped = {}, []
    for path in sorted(folder.glob('epoch_*')):
        try:
            note = _read_note(path / 'epoch.json')
            if epoch_name(note['epoch']) != path.name:
                raise ValueError(f'epoch.json is of epoch {note["epoch"]}')
            epoch = EpochRecords(path, note, images)
        except (OSError, ValueError) as error:
            skipped.append(f'{path.name} is not whole: {error}')
        else:
            epochs[epoch.epoch] = epoch
    if (folder / DRAFT).exists():
        last = max(epochs, default=0)
        skipped.append(
            f'The epoch after {last} is not whole: it is being written, or '
            'the run was killed in it.'
        )
    return dict(sorted(epochs.items())), skipped


def _read_note(path: Path) -> dict:
    note = parse_json(path.read_bytes())
    names = 'epoch', 'num_steps', 'num_images'
    good = isinstance(note, dict) and all(
        type(note.get(name)) is int and 0 <= note[name] < 2**31
        for name in names
    )
    if not good:
        raise ValueError(
            f'epoch.json must hold numbers called {", ".join(names)}, but is '
            f'{short_value(note)}'
        )
    return note
