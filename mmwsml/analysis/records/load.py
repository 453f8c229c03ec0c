"""Opening the records of a run, refusing what is not whole."""

import json
from pathlib import Path
from typing import Dict, List, Tuple, Union

from mmwsml.structures.records import RecordedImages
from mmwsml.structures.records.record_writer import (
    DRAFT,
    FOLDER,
    VERSION,
    epoch_name,
)

from .epoch import EpochRecords
from .records import Records

SWITCH = '`--cfg-options default_hooks.record.type=mmwsml.RecordHook`'


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
        ValueError: If they are damaged, or of another version.
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
            f'{len(images)} images, run.json {info["num_images"]}; train '
            'again.'
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
        info = json.loads(path.read_text(encoding='utf-8'))
        version = info['version']
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f'{path} is damaged ({error!r}); train again with {SWITCH}.'
        ) from error
    if version != VERSION:
        raise ValueError(
            f'{path} is of version {version}, but this mmwsml reads version '
            f'{VERSION}: read it with the mmwsml that wrote it.'
        )
    return info


def _open_epochs(
    folder: Path, images: RecordedImages
) -> Tuple[Dict[int, EpochRecords], List[str]]:
    epochs, skipped = {}, []
    for path in sorted(folder.glob('epoch_*')):
        try:
            note = json.loads(
                (path / 'epoch.json').read_text(encoding='utf-8')
            )
            if epoch_name(note['epoch']) != path.name:
                raise ValueError(f'epoch.json is of epoch {note["epoch"]}')
            epoch = EpochRecords(path, note, images)
        except (OSError, ValueError, KeyError, TypeError) as error:
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
