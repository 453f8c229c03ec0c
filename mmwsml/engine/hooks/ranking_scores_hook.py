"""Ranking labels by scores that were computed before the run."""

import numpy as np
import torch
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.datasets.infos import iter_datasets
from mmwsml.engine.head import head_of
from mmwsml.engine.samples import sample_keys
from mmwsml.inference.trained_classes import classes_in, refuse_other_classes
from mmwsml.models.heads.checks import sample_id_of
from mmwsml.registry import HOOKS
from mmwsml.structures import upload
from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter

from .ranking_hook import RankingHook

TOOL = 'tools/out_of_fold.py'


@HOOKS.register_module()
class RankingScoresHook(RankingHook):
    """Let a large loss rank the labels of each step by scores from a folder.

    Meant are scores that have not memorised the labels: those of
    ``tools/out_of_fold.py``, which come from models that have not seen the
    image. They are the same in every epoch.

    Args:
        folder (str): Made by ``tools/out_of_fold.py``: one row of K logits
            for each ``sample_id``.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder is damaged or not finished, or holds more
            than one row for an image.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._scores = FeatureArrays(folder, TOOL)
        if self._scores.num_views != 1:
            raise ValueError(
                f'{folder} holds {self._scores.num_views} rows for each '
                f'image, as features do, but scores are one: make them with '
                f'{TOOL}.'
            )

    def before_train(self, runner: Runner) -> None:
        """Refuse a folder that does not fit.

        Raises:
            TypeError: If the loss reads no ``ranking``.
            ValueError: If the folder is of other classes, or of these in
                another order, or of other images.
        """
        super().before_train(runner)
        classes, found = head_of(runner).num_classes, self._scores.num_channels
        if found != classes:
            raise ValueError(
                f'{self.folder} holds scores of {found} classes, but the '
                f'head has {classes}: make them with {TOOL} and the classes '
                'of this run.'
            )
        refuse_other_classes(
            FeatureWriter(self.folder).read_meta().get('classes'),
            classes_in(next(iter_datasets(runner.train_dataloader.dataset))),
            'The training set',
            f'make the scores of {self.folder} anew, with {TOOL} and the '
            'classes of this run',
        )
        keys = sample_keys(runner.train_dataloader.dataset)
        missing = ~np.isin(keys, self._scores.keys)
        if missing.any():
            raise ValueError(
                f'{self.folder} has no scores of {missing.sum()} of '
                f'{len(keys)} training images: make them with {TOOL} and the '
                'training set of this run.'
            )

    def rank(self, runner: Runner, data_batch: dict) -> Tensor:
        """Look up the images; nothing waits for the device."""
        samples = data_batch['data_samples']
        rows = [self._scores[sample_id_of(sample)][0] for sample in samples]
        device = next(head_of(runner).parameters()).device
        return upload(torch.from_numpy(np.stack(rows)), device)
