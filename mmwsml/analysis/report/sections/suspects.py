"""Labels that a person should look at."""

from typing import Optional

from mmwsml.analysis.insights import NotRecordedError

from ..markup import Markup
from ..run import Run


def write_suspects(run: Run, base: Optional[Run]) -> Markup:
    """Write the table of suspicious labels."""
    raise NotRecordedError('not yet')
