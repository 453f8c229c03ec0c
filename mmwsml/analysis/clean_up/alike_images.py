"""What the runs think of images that look alike to them."""

import numpy as np

BLOCK = 256  # images that are compared at once


class AlikeImages:
    """Average the scores of the most similar images.

    Images are alike whose scores stand out alike: the cosine of their scores,
    brought to mean 0 and standard deviation 1 in each class. What a whole
    group of images is taken for is surer than what one is taken for.

    Args:
        scores (ndarray): Of R images that are compared with, float32
            ``(R, K)``; NaN: of no use.
        num (int): How many similar images are averaged, at least 1; all of
            them where R is smaller.
    """

    def __init__(self, scores: np.ndarray, num: int) -> None:
        #: Rows of those that are compared with, ascending.
        self.rows = np.flatnonzero(~np.isnan(scores).any(1))
        self.scores = scores[self.rows]
        self.num = num
        if len(self.rows):
            self._mean = self.scores.mean(0)
            spread = self.scores.std(0)
            self._spread = np.where(spread > 0, spread, 1)
        self._units = self._direct(self.scores)

    def _direct(self, scores: np.ndarray) -> np.ndarray:
        """Turn scores into vectors of length 1."""
        if not len(self.rows):
            return scores
        units = (scores - self._mean) / self._spread
        length = np.linalg.norm(units, axis=1, keepdims=True)
        return units / np.where(length > 0, length, 1)

    def average(self, scores: np.ndarray, first: int) -> np.ndarray:
        """Average the scores of the images that are most like some.

        Args:
            scores (ndarray): Of n images, float32 ``(n, K)``.
            first (int): The row of the first of them; the others follow. An
                image is not like itself.

        Returns:
            ndarray: Float32 ``(n, K)``; NaN where there is no other image.
        """
        blocks = [
            self._average_block(scores[i : i + BLOCK], first + i)
            for i in range(0, len(scores), BLOCK)
        ]
        return np.concatenate([scores[:0], *blocks])

    def _average_block(self, scores: np.ndarray, first: int) -> np.ndarray:
        cosine = np.nan_to_num(self._direct(scores)) @ self._units.T
        own = np.searchsorted(self.rows, first + np.arange(len(scores)))
        known = own < len(self.rows)
        known[known] = self.rows[own[known]] == (first + np.flatnonzero(known))
        cosine[np.flatnonzero(known), own[known]] = -np.inf
        num = min(self.num, len(self.rows) - 1)
        if num < 1:
            return np.full_like(scores, np.nan)
        alike = np.argpartition(-cosine, num - 1, axis=1)[:, :num]
        return self.scores[alike].mean(1)
