"""The best entries of each class, in little memory."""

import numpy as np

ENTRY = np.dtype(
    [('score', np.float32), ('row', np.int64), ('class', np.int64)]
)


class TopEntries:
    """Keep the entries of the highest scores, so many of each class.

    Of equal scores the lower row, then the lower class, comes first.

    Args:
        limits (ndarray): Entries that are kept of each class, int64 ``(K,)``.
    """

    def __init__(self, limits: np.ndarray) -> None:
        self.limits = limits
        self._kept = np.empty(0, ENTRY)
        self._least = np.full(len(limits), -np.inf, np.float32)

    def add(self, scores: np.ndarray, first: int) -> None:
        """Look at some images, whose rows rise from call to call.

        Args:
            scores (ndarray): ``(n, K)``; NaN or -inf: not to be kept.
            first (int): The row of the first of them.
        """
        images, classes = np.nonzero(scores > self._least)
        new = np.empty(len(images), ENTRY)
        new['score'] = scores[images, classes]
        new['row'], new['class'] = first + images, classes
        entries = np.concatenate([self._kept, new])
        order = np.lexsort(
            (entries['row'], -entries['score'], entries['class'])
        )
        entries = entries[order]
        starts = np.searchsorted(entries['class'], np.arange(len(self.limits)))
        rank = np.arange(len(entries)) - starts[entries['class']]
        self._kept = entries[rank < self.limits[entries['class']]]
        # A later row of the same score would stand behind those that are kept.
        last = rank == self.limits[entries['class']] - 1
        self._least[entries['class'][last]] = entries['score'][last]

    def best(self, num: int) -> np.ndarray:
        """Return the best of all classes, at most ``num``.

        Returns:
            ndarray: Of the dtype ``ENTRY``, in descending order of the score.
        """
        kept = self._kept
        order = np.lexsort((kept['class'], kept['row'], -kept['score']))
        return kept[order[:num]]
