"""What records tell of a run: numbers, each with a table and a figure."""

from .class_gains import ClassGains, class_gains
from .highest_losses import HighestLosses, highest_losses
from .image_files import find_images
from .loss_curves import LossCurves, loss_curves
from .loss_histograms import LossHistograms, loss_histograms
from .modification_scores import ModificationScores, modification_scores
from .not_recorded import NotRecordedError
from .table import Table
from .timeline_plot import plot_timelines
from .timelines import Timeline, Timelines, modification_timelines

__all__ = [
    'ClassGains',
    'HighestLosses',
    'LossCurves',
    'LossHistograms',
    'ModificationScores',
    'NotRecordedError',
    'Table',
    'Timeline',
    'Timelines',
    'class_gains',
    'find_images',
    'highest_losses',
    'loss_curves',
    'loss_histograms',
    'modification_scores',
    'modification_timelines',
    'plot_timelines',
]
