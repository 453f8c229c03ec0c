"""The sections on a run, in the order of the page."""

from typing import Callable, Dict, NamedTuple, Optional

from ..markup import Markup
from ..run import Run
from .images import write_gallery, write_timelines
from .losses import (
    write_highest,
    write_histograms,
    write_memorisation,
    write_modifications,
)
from .scores import (
    write_class_gains,
    write_class_scores,
    write_curves,
    write_pointing,
)
from .summary import write_summary
from .suspects import write_suspects

#: From a run, and the first run of the page or None, to the section. It
#: raises ``NotRecordedError`` where the run does not have what it shows.
Write = Callable[[Run, Optional[Run]], Markup]


class Section(NamedTuple):
    """A section of each run."""

    title: str
    write: Write


SECTIONS: Dict[str, Section] = {
    'summary': Section('Configuration and data', write_summary),
    'curves': Section('Training curves', write_curves),
    'classes': Section('Average precision by class', write_class_scores),
    'gains': Section('Gains over the first run', write_class_gains),
    'memorisation': Section('Memorisation', write_memorisation),
    'highest': Section('Phase of the highest loss', write_highest),
    'histograms': Section('Losses by kind of label', write_histograms),
    'modifications': Section('What was modified', write_modifications),
    'timelines': Section('Images through training', write_timelines),
    'gallery': Section('Modified labels', write_gallery),
    'pointing': Section('Pointing game', write_pointing),
    'suspects': Section('Suspicious labels', write_suspects),
}
