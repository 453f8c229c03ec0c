"""One set of batch statistics for all processes."""

from typing import Any, Iterator

from mmengine.dist import all_reduce_params, get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase

from mmwsml.registry import HOOKS


@HOOKS.register_module()
class BatchStatisticsHook(Hook):
    """Average the running statistics of batch norms over the processes.

    In training each process normalises by its own images. Evaluation uses the
    running mean and variance, which would differ from process to process,
    while a checkpoint holds those of the first: scores of a validation would
    not be those of the saved model. Averaged after each step, before any
    other hook, they are the same wherever the model is evaluated: in
    validation, in a pass over the training images, as part of an average
    (``EMAHook``), from a file. The gradients are not touched.

    A step sends two numbers for each channel of a batch norm, 0.2 % of the
    gradients of a ResNet-50. What is evaluated only (``norm_eval=True``)
    stays as it is, ``SyncBatchNorm`` has statistics of all processes anyway.
    MMEngine's ``SyncBuffersHook`` leaves out averages of the model, and
    checkpoints between two validations of a loop over iterations.
    """

    priority = 'VERY_HIGH'

    def after_train_iter(
        self, runner: Runner, batch_idx: int, **_: Any
    ) -> None:
        """Average what the step has moved."""
        if get_world_size() > 1:
            all_reduce_params(_moving(runner.model), op='mean')


def _moving(model: nn.Module) -> Iterator[Tensor]:
    """Yield the running statistics that this process has just moved."""
    for module in model.modules():
        if isinstance(module, nn.SyncBatchNorm):
            continue
        if isinstance(module, _NormBase) and module.training:
            for buffer in (module.running_mean, module.running_var):
                if buffer is not None:
                    yield buffer
