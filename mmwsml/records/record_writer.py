"""The records of a run on disk, each epoch whole or not there."""

import json
import os
import shutil
from pathlib import Path
from typing import Optional, Union

import numpy as np

from mmwsml.structures.format_version import (
    FORMAT_VERSION,
    check_format_version,
)
from mmwsml.structures.whole_file import write_json

from .epoch_record import EpochRecord
from .recorded_images import RecordedImages

FOLDER = 'records'
#: The epoch that is being written.
DRAFT = '.epoch.draft'


def epoch_name(epoch: int) -> str:
    """Name the folder of an epoch, from 1."""
    return f'epoch_{epoch:04}'


class RecordWriter:
    """Write the records of a run, in a folder of its work dir.

    The files are::

        records/
        ├── run.json                     version, classes, method, kinds, ...
        ├── sample_ids.npy, sample_ids_offsets.npy       in the order of rows
        ├── {positive,negative,true_positive}_{offsets,classes}.npy
        └── epoch_0001/
            ├── epoch.json               epoch, steps, images
            ├── histogram.npy, sums.npy  losses by kind and class
            ├── seen.npy, modified.npy
            └── losses.npy               float16 (M, K), where they are kept

    Args:
        run (str): The work dir of the run.
        images (RecordedImages): Of the training set.
        info (dict): What JSON holds: ``classes``, ``method`` and more.
    """

    def __init__(
        self, run: Union[str, Path], images: RecordedImages, info: dict
    ) -> None:
        self.folder = Path(run, FOLDER)
        self.images = images
        self.info = dict(
            version=FORMAT_VERSION,
            **info,
            kinds=list(images.kinds),
            num_images=len(images),
            complete=images.complete,
            fingerprint=images.fingerprint(),
        )
        self._losses: Optional[np.memmap] = None

    def start(self, epoch: int) -> None:
        """Make the folder ready for epoch ``epoch`` and those after it.

        Epoch 1 begins new records; what lay there is removed. A later epoch
        continues those of the run, or begins some where there are none.

        Raises:
            ValueError: If there are records of another run to continue.
        """
        note = self.folder / 'run.json'
        if epoch == 1 or not note.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            self.images.save(self.folder)
        else:
            self._refuse_other(json.loads(note.read_text(encoding='utf-8')))
            for path in self.folder.glob('epoch_*'):
                if int(path.name.partition('_')[2]) >= epoch:
                    shutil.rmtree(path)
        shutil.rmtree(self.folder / DRAFT, ignore_errors=True)
        write_json(note, self.info)

    def _refuse_other(self, found: dict) -> None:
        version = check_format_version(found.get('version'), self.folder)
        found = dict(found, version=version)
        for name in ('version', 'classes', 'kinds', 'fingerprint'):
            if found.get(name) != self.info.get(name):
                raise ValueError(
                    f'{self.folder} holds records of a run with another '
                    f'`{name}`, which this one cannot continue: resume with '
                    'the classes and labels of that run, or move the folder '
                    'away.'
                )

    def keep_losses(self, rows: np.ndarray, losses: np.ndarray) -> None:
        """Note the losses of some images in the epoch that comes next.

        Args:
            rows (ndarray): int64 ``(n,)``.
            losses (ndarray): ``(n, K)``; kept in float16.
        """
        if self._losses is None:
            path = self._make_draft() / 'losses.npy'
            shape = len(self.images), self.images.num_classes
            self._losses = np.lib.format.open_memmap(
                path, 'w+', np.float16, shape
            )
            _take_space(path)
        self._losses[rows] = losses

    def write(self, epoch: int, record: EpochRecord) -> None:
        """Write an epoch, which appears when it is whole.

        Of an image that the epoch did not show, kept losses are NaN.
        """
        draft = self._make_draft()
        if self._losses is not None:
            self._losses[~record.seen] = np.nan
            self._losses.flush()
            self._losses = None
        for name in ('histogram', 'sums', 'seen', 'modified'):
            np.save(draft / f'{name}.npy', getattr(record, name))
        note = dict(
            epoch=epoch,
            num_steps=record.num_steps,
            num_images=int(record.seen.sum()),
        )
        write_json(draft / 'epoch.json', note)
        final = self.folder / epoch_name(epoch)
        shutil.rmtree(final, ignore_errors=True)
        os.rename(draft, final)

    def _make_draft(self) -> Path:
        path = self.folder / DRAFT
        path.mkdir(exist_ok=True)
        return path


def _take_space(path: Path) -> None:
    """Let a full disk be an error now: later, it would end the process."""
    if hasattr(os, 'posix_fallocate'):  # not on macOS, nor on Windows
        with path.open('r+b') as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
