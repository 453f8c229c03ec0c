"""Saying that a run does not hold what an analysis needs."""

from typing import List

from mmwsml.records import EpochRecords, Records


class NotRecordedError(ValueError):
    """A run has no answer to a question; the message says why."""


def require_epochs(records: Records) -> List[EpochRecords]:
    """Return the epochs of a run, ascending.

    Raises:
        NotRecordedError: If none is whole.
    """
    if not records.epochs:
        raise NotRecordedError(
            f'The records of {records.run} hold no whole epoch: wait for the '
            'end of the first one, or train again.'
        )
    return list(records.epochs.values())
