"""Ranking the labels of a step by other scores than its logits."""

from abc import abstractmethod

from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

from mmwsml.engine.head import head_of


class RankingHook(Hook):
    """Base of the hooks that tell a large loss what to rank labels by."""

    @abstractmethod
    def rank(self, runner: Runner, data_batch: dict) -> Tensor:
        """Score the images of a batch.

        Args:
            runner (Runner): The run.
            data_batch (dict): Of the data loader, N images.

        Returns:
            Tensor: Logits on the device of the model, float ``(N, K)``.
        """

    def before_train(self, runner: Runner) -> None:
        """Refuse a loss that ranks nothing.

        Raises:
            TypeError: If the loss reads no ``ranking``.
        """
        loss = getattr(head_of(runner), 'loss_module', None)
        if 'ranking' not in getattr(loss, 'reads', ()):
            raise TypeError(
                f'{type(self).__name__} needs a loss that ranks labels, such '
                'as mmwsml.LargeLossRejection, but got '
                f'{type(loss).__name__}: remove the hook or choose another '
                'loss.'
            )

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: dict
    ) -> None:
        """Tell the scores of the step."""
        head_of(runner).tell(ranking=self.rank(runner, data_batch))
