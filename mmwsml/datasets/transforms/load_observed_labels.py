"""Labels that were observed elsewhere."""

from typing import Optional, Sequence

from mmwsml.label_files.observed_labels_file import load_observed_labels
from mmwsml.registry import TRANSFORMS
from mmwsml.structures import find_contradiction

from .hide_labels import LabelTransform, replace_labels, require_sample_id


@TRANSFORMS.register_module()
class LoadObservedLabels(LabelTransform):
    """Replace the labels of an image by those that a file says are known.

    The file (docs/observed-labels.md) holds exactly one draw, whatever made
    it: the paper's own single positives, a list of others, or the guesses of
    another model. It is read once, when the pipeline is built.

    Observed labels must not contradict what the data set knows. Labels with
    scores are guesses and may.

    Required keys: ``sample_id``, ``gt_label``. Optional: ``neg_label``.
    Modified: ``gt_label``. Added or modified: ``neg_label``. Removed: what
    else tells of labels, such as ``instances``.

    Args:
        ann_file (str): The file, made by
            ``tools/dataset_converters/observe_labels.py``.
        min_score (float, optional): Guesses of a lower score, in [0, 1], stay
            unknown. Defaults to None, all are taken.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file breaks a rule, or ``min_score`` is given but
            its labels have no scores.
    """

    def __init__(
        self, ann_file: str, min_score: Optional[float] = None
    ) -> None:
        self.ann_file = ann_file
        self.min_score = min_score
        self._labels = load_observed_labels(ann_file)
        if min_score is not None and not self._labels.scored:
            raise ValueError(
                f'`min_score` is {min_score!r}, but the labels of {ann_file} '
                'have no scores: remove it.'
            )

    def transform(self, results: dict) -> dict:
        """Set what is known.

        Raises:
            KeyError: If ``sample_id`` is missing, or not in the file.
            ValueError: If an observed label contradicts a known one.
        """
        require_sample_id(results)
        sample_id = results['sample_id']
        try:
            known = self._labels.of(sample_id, self.min_score)
        except KeyError:
            raise KeyError(
                f'{self.ann_file} does not know the image {sample_id}: make '
                'the file for this data set, split and `namespace`.'
            ) from None
        if not self._labels.scored:
            error = find_contradiction(*known, results)
            if error:
                raise ValueError(
                    f'{self.ann_file}: {error}; make the file for this data '
                    'set and its order of classes.'
                )
        return replace_labels(results, *known)

    def find_mismatch(self, classes: Sequence[str]) -> Optional[str]:
        """Say why the file does not fit a data set, if it does not."""
        made_for = self._labels.classes
        if made_for == list(classes):
            return None
        return (
            f'{self.ann_file} was made for other classes than those of its '
            f'data set, or another order, {made_for[:3]}... and not '
            f'{list(classes)[:3]}...: make it with the config of this data '
            'set.'
        )
