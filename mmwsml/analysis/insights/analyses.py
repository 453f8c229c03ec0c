"""The analyses by name, each from a job to a table and figures."""

from typing import Callable, Dict, List, NamedTuple, Optional, Sequence

from matplotlib.figure import Figure

from mmwsml.analysis.analysis_names import ANALYSIS_NAMES
from mmwsml.evaluation.predictions import Predictions
from mmwsml.records import Records

from .class_gains import class_gains
from .highest_losses import highest_losses
from .image_files import find_images
from .loss_curves import loss_curves, plot_loss_curves
from .loss_histograms import loss_histograms
from .modification_scores import modification_scores
from .not_recorded import NotRecordedError
from .table import Table
from .timeline_plot import plot_timelines
from .timelines import Timelines, modification_timelines

IMAGES_A_SHEET = 12


class Job(NamedTuple):
    """A run, and what is asked of it."""

    records: Records
    #: Another run of the same classes.
    second: Optional[Records] = None
    #: Results of the run and of the other one.
    predictions: Sequence[Predictions] = ()
    #: Images by ``sample_id``; None: the most modified ones, so many.
    sample_ids: Optional[Sequence[str]] = None
    num_images: int = IMAGES_A_SHEET
    #: Folder that the images have been moved to.
    data_root: Optional[str] = None
    #: Last epoch of the warm-up.
    warmup: int = 1


class Answer(NamedTuple):
    """What an analysis found."""

    table: Table
    figures: List[Figure]
    #: A sentence on what is lacking.
    note: Optional[str] = None


def _curves(job: Job) -> Answer:
    first = loss_curves(job.records)
    if job.second is None:
        return Answer(first.table(), [first.figure()])
    names = [r.run.resolve().name for r in (job.records, job.second)]
    if names[0] == names[1]:
        names = ['this run', 'second run']
    runs = dict(zip(names, (first, loss_curves(job.second))))
    rows = [
        (name, *row)
        for name, curves in runs.items()
        for row in curves.table().rows
    ]
    table = Table(('run', *first.table().head), rows)
    return Answer(table, [plot_loss_curves(runs)])


def _highest(job: Job) -> Answer:
    found = highest_losses(job.records, job.warmup)
    return Answer(found.table(), [found.figure()])


def _modifications(job: Job) -> Answer:
    scores = modification_scores(job.records)
    return Answer(scores.table(), [scores.figure()])


def _histograms(job: Job) -> Answer:
    histograms = loss_histograms(job.records)
    return Answer(histograms.table(), [histograms.figure()])


def _timelines(job: Job) -> Answer:
    timelines = modification_timelines(
        job.records, job.sample_ids, job.num_images
    )
    names = [image.sample_id for image in timelines.images]
    try:
        paths = find_images(job.records.run, names, job.data_root)
        note = _name_missing(names, paths, job.data_root)
    except NotRecordedError as error:
        paths, note = {}, str(error)
    figures = [
        plot_timelines(sheet, paths) for sheet in _split_sheets(timelines)
    ]
    return Answer(timelines.table(), figures, note)


def _name_missing(
    names: List[str], paths: Dict[str, str], data_root: Optional[str]
) -> Optional[str]:
    missing = [name for name in names if name not in paths]
    if not missing:
        return None
    place = data_root or 'the place that the config names'
    return (
        f'{len(missing)} of {len(names)} images are not in {place}, the first '
        f'is {missing[0]}: name their folder with `--data-root`.'
    )


def _split_sheets(timelines: Timelines) -> List[Timelines]:
    images = timelines.images
    return [
        timelines._replace(images=images[first : first + IMAGES_A_SHEET])
        for first in range(0, len(images), IMAGES_A_SHEET)
    ]


def _gains(job: Job) -> Answer:
    if not job.predictions:
        raise NotRecordedError(
            'Gains of classes need the scores of two runs: make them with '
            'tools/test.py CONFIG CHECKPOINT --out FILE.npz, and name both '
            'files with `--predictions`.'
        )
    gains = class_gains(*job.predictions)
    return Answer(gains.table(), [gains.figure()])


_ALL = _curves, _highest, _modifications, _timelines, _histograms, _gains
ANALYSES: Dict[str, Callable[[Job], Answer]] = dict(zip(ANALYSIS_NAMES, _ALL))
