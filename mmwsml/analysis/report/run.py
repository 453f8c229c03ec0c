"""A run of which a report is made, as far as it got."""

from functools import cached_property
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from mmengine.config import Config

from mmwsml.analysis.clean_up import Suspect, rank_suspects
from mmwsml.analysis.insights import (
    ModificationScores,
    NotRecordedError,
    Timelines,
    modification_scores,
    modification_timelines,
)
from mmwsml.analysis.report_options import ReportOptions
from mmwsml.analysis.run_config import read_config
from mmwsml.evaluation.predictions import Predictions, read_predictions
from mmwsml.records import Records, load_records
from mmwsml.records.run_folder import read_json

from .choices import Gallery, choose_modified
from .pictures import Pictures, find_pictures
from .scalars import read_scalars

#: Where a report keeps what it evaluated, in the work dir of the run.
FOLDER = 'report'


class Run:
    """What is known of a run; each part is read when it is asked for.

    A part that the run does not have raises ``NotRecordedError``, whose
    sentence stands in its section.

    Args:
        folder (Path): Its work dir.
        name (str): How the report calls it.
        identity (str): The same for ``id`` attributes.
        options (ReportOptions): Limits.

    Raises:
        FileNotFoundError: If the folder is none of a run.
    """

    def __init__(
        self, folder: Path, name: str, identity: str, options: ReportOptions
    ) -> None:
        self.folder, self.name, self.identity = folder, name, identity
        self.options = options
        self.scalars = read_scalars(folder)
        self.config_path: Optional[Path] = _only(folder.glob('*.py'))
        self._records, self.why_no_records = _open_records(folder)
        if not (self.scalars or self.config_path or self._records):
            raise FileNotFoundError(
                f'{folder} is no work dir of a run: it holds no config, log '
                'or records; name the folder that tools/train.py wrote to.'
            )

    @property
    def has_records(self) -> bool:
        """Whether RecordHook wrote anything that can be read."""
        return self._records is not None

    @property
    def data_name(self) -> str:
        """Name of the training data, '' where nothing says it."""
        if self._records is None or not len(self._records.images):
            return ''
        return self._records.images.sample_ids.of(0).partition('/')[0]

    @property
    def records(self) -> Records:
        """What RecordHook wrote."""
        if self._records is None:
            raise NotRecordedError(self.why_no_records)
        return self._records

    @cached_property
    def config(self) -> Optional[Config]:
        """The config as data, None where it is a program."""
        if self.config_path is None:
            return None
        try:
            return read_config(self.config_path)
        except ValueError:
            return None

    @cached_property
    def classes(self) -> Optional[Tuple[str, ...]]:
        """Names of the classes, None where nothing names them."""
        if self._records is not None:
            return self._records.classes
        results = self.predictions
        return results[min(results)].classes if results else None

    @cached_property
    def predictions(self) -> Dict[str, Predictions]:
        """Result files by split, those that are there."""
        paths = {
            split: self.folder / FOLDER / f'{split}.npz'
            for split in ('test', 'val')
        }
        return {
            split: read_predictions(str(path))
            for split, path in paths.items()
            if path.exists()
        }

    @cached_property
    def pointing(self) -> Optional[dict]:
        """Outcome of the pointing game, None where it was not played."""
        return read_json(self.folder / FOLDER / 'pointing.json')

    @cached_property
    def scores(self) -> ModificationScores:
        """Precision and recall of what was modified."""
        return modification_scores(self.records)

    @cached_property
    def timelines(self) -> Timelines:
        """The images that were modified most."""
        num = self.options.num_timelines
        return modification_timelines(self.records, num=num)

    @cached_property
    def gallery(self) -> Gallery:
        """Modified labels to look at."""
        return choose_modified(self.records, self.options.num_pictures)

    @cached_property
    def suspects(self) -> List[Suspect]:
        """Unobserved labels that are probably present."""
        records, num = self.records, self.options.num_suspects
        if not num:
            raise NotRecordedError('Left out by `--num-suspects 0`.')
        if records.images.complete:
            raise NotRecordedError(
                f'{self.name} observed every label, so none is missing.'
            )
        try:
            return rank_suspects([records], num)
        except ValueError as error:  # the losses were not kept
            raise NotRecordedError(str(error)) from error

    @cached_property
    def pictures(self) -> Pictures:
        """Of all images that the sections show."""
        return self._find_pictures[0]

    @property
    def why_no_pictures(self) -> Optional[str]:
        """A sentence if images are missing."""
        return self._find_pictures[1]

    @cached_property
    def _find_pictures(self) -> Tuple[Pictures, Optional[str]]:
        ids = self._list_shown()
        return find_pictures(self.folder, ids, self.options.data_root)

    def _list_shown(self) -> List[str]:
        """List the images of all sections, each once."""
        ids: Dict[str, None] = {}
        for choose in (_ids_of_timelines, _ids_of_gallery, _ids_of_suspects):
            try:
                ids.update(dict.fromkeys(choose(self)))
            except NotRecordedError:
                continue
        return list(ids)


def _ids_of_timelines(run: Run) -> List[str]:
    return [image.sample_id for image in run.timelines.images]


def _ids_of_gallery(run: Run) -> List[str]:
    return [shown.sample_id for part in run.gallery.groups for shown in part]


def _ids_of_suspects(run: Run) -> List[str]:
    suspects = run.suspects[: run.options.num_suspect_pictures]
    return [suspect.sample_id for suspect in suspects]


def _only(paths: Iterable[Path]) -> Optional[Path]:
    found = sorted(paths)
    return found[0] if len(found) == 1 else None


def _open_records(folder: Path) -> Tuple[Optional[Records], str]:
    try:
        return load_records(folder), ''
    except (FileNotFoundError, ValueError) as error:
        return None, str(error)
