"""Ranking labels by the moving average of the model."""

from typing import Any, Dict, Optional

import torch
from mmengine.model import MomentumAnnealingEMA
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import bare_model
from mmwsml.models.label_stores import LabelStore
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_number

from .ranking_hook import RankingHook


@HOOKS.register_module()
class RankingEMAHook(RankingHook):
    """Let a large loss rank the labels of each step by an average model.

    The average of the weights of all steps memorises later than the weights
    of the last one. Each step makes one more forward pass, of the average
    model in evaluation mode, on the same batch: about a third more time, and
    the memory of the weights once more. Batch statistics are averaged too.

    The average is saved and resumed with the run; a run that only starts from
    the weights of another (``load_from``) begins a new one.

    Args:
        momentum (float): Weight of the last step in the average, in (0, 0.5];
            1 / (t + 1) in step t as long as that is larger, so that the
            average is one of all steps at first. Defaults to 0.001.

    Raises:
        ValueError: If ``momentum`` is out of range.
    """

    def __init__(self, momentum: float = 0.001) -> None:
        check_number('momentum', momentum, 0, 0.5, '(]')
        self.momentum = momentum
        self._loaded: Optional[Dict[str, Tensor]] = None

    def before_train(self, runner: Runner) -> None:
        """Copy the model, or put the average of a resumed run in place.

        Raises:
            TypeError: If the loss reads no ``ranking``.
            ValueError: If the checkpoint to resume from has no average.
        """
        super().before_train(runner)
        self._average = MomentumAnnealingEMA(
            bare_model(runner), self.momentum, gamma=1, update_buffers=True
        )
        # The copy only predicts: it needs no labels.
        self._average.module.head.label_store = LabelStore()
        self._average.eval()
        loaded, self._loaded = self._loaded, None
        if runner.iter == 0:  # a new run, whatever weights it starts from
            return
        if loaded is None:
            raise ValueError(
                'The checkpoint to resume from holds no average of '
                'RankingEMAHook: resume from a checkpoint of a run with the '
                'hook, or start a new run.'
            )
        self._average.load_state_dict(loaded)

    def rank(self, runner: Runner, data_batch: dict) -> Tensor:
        """Predict the batch with the average model."""
        model = self._average.module
        # In the precision of training.
        with runner.optim_wrapper.optim_context(model), torch.no_grad():
            data = model.data_preprocessor(data_batch, False)
            return model(**data, mode='tensor')

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Take the weights of the step into the average."""
        self._average.update_parameters(bare_model(runner))

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Add the average to the checkpoint."""
        checkpoint['ranking_ema'] = {
            name: tensor.cpu()
            for name, tensor in self._average.state_dict().items()
        }

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Keep the average until it is known whether the run is resumed."""
        self._loaded = checkpoint.get('ranking_ema')
