"""LinearInit: the head first, on features that stay as they are."""

import gc
import weakref
from typing import Any, List, Optional

from mmengine.model import MMDistributedDataParallel, is_model_wrapper
from mmengine.runner import Runner
from torch import nn

from mmwsml.engine.head import bare_model, head_of
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_integer

from .progress_hook import EpochHook


@HOOKS.register_module()
class LinearInitHook(EpochHook):
    """Train nothing but the head in the first epochs.

    During them everything outside ``model.head`` is frozen and in evaluation
    mode: neither weights nor batch statistics move, nothing is dropped, and
    no backward pass runs through it. Afterwards all is as without the hook;
    what the model froze itself (``frozen_stages``) stays frozen. Needs no
    state: a resumed run trains what it should.

    DDP notes which weights are trained when it wraps the model: this hook
    wraps the model anew where that changes.

    Args:
        num_epochs (int): Epochs that train the head alone, at least 1 and
            fewer than the run has. Defaults to 1.
        **clock: As of :class:`EpochHook`.

    Paper: the LinearInit of `Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021), there on features that
    were computed once.

    Raises:
        ValueError: If ``num_epochs`` is not an integer of at least 1.
    """

    def __init__(self, num_epochs: int = 1, **clock: Any) -> None:
        super().__init__(**clock)
        check_integer('num_epochs', num_epochs, 1)
        self.num_epochs = num_epochs
        #: What is frozen now and must not stay so.
        self._frozen: Optional[List[nn.Parameter]] = None

    def before_train(self, runner: Runner) -> None:
        """Refuse a run that this hook would not fit.

        Raises:
            ValueError: If the train loop has no epochs, or ends before the
                whole network is trained.
            TypeError: If the model's wrapper could not be made anew.
        """
        super().before_train(runner)
        total = self.clock.progress(runner)[1]
        if self.num_epochs >= total:
            raise ValueError(
                f'LinearInitHook has num_epochs={self.num_epochs}, but the '
                f'run has {total}, so that the backbone would never be '
                'trained: lower `num_epochs` or train for longer.'
            )
        if is_model_wrapper(runner.model):
            _check_wrapper(runner)

    def before_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Freeze and thaw; the loop has just set training mode."""
        if self.clock.progress(runner)[0] > self.num_epochs:
            if self._frozen is not None:
                self._thaw(runner)
            return
        if self._frozen is None:
            self._freeze(runner)
        head = head_of(runner)
        for child in bare_model(runner).children():
            if child is not head:
                child.eval()

    def _freeze(self, runner: Runner) -> None:
        """Freeze what is trained outside the head."""
        heads = {id(weight) for weight in head_of(runner).parameters()}
        self._frozen = [
            weight
            for weight in bare_model(runner).parameters()
            if weight.requires_grad and id(weight) not in heads
        ]
        for weight in self._frozen:
            weight.requires_grad_(False)
            weight.grad = None  # an optimizer moves a weight of gradient 0
        _wrap_anew(runner)
        epochs = 'epoch' if self.num_epochs == 1 else 'epochs'
        runner.logger.info(
            f'LinearInit: the head alone is trained for {self.num_epochs} '
            f'{epochs}; {len(self._frozen)} parameters outside it are frozen.'
        )

    def _thaw(self, runner: Runner) -> None:
        """Let all be trained that was before."""
        frozen, self._frozen = self._frozen or [], None
        for weight in frozen:
            weight.requires_grad_(True)
        _wrap_anew(runner)
        # Wrapping may have made batch norms (`sync_bn`) that forgot it.
        runner.model.train()
        epoch, _ = self.clock.progress(runner)
        runner.logger.info(
            f'LinearInit: from epoch {epoch} the whole network is trained.'
        )


def _check_wrapper(runner: Runner) -> None:
    name = type(runner.model).__name__
    by_runner = runner.distributed and not runner.cfg.get('compile')
    is_ddp = isinstance(runner.model, MMDistributedDataParallel)
    if not (is_ddp and by_runner):
        raise TypeError(
            'LinearInitHook must wrap the model anew as the Runner did, in an '
            f'MMDistributedDataParallel, but it came in a {name} that was '
            'given to the Runner, is of another kind, or is compiled: give '
            'the Runner the bare model, or remove the hook.'
        )


def _wrap_anew(runner: Runner) -> None:
    """Let DDP, where there is one, average the gradients that there are."""
    if not is_model_wrapper(runner.model):
        return
    # The old wrapper goes first, and with it its hooks on the gradients.
    old = weakref.ref(runner.model)
    runner.model = runner.model.module
    if old() is not None:
        gc.collect()
    if old() is not None:
        raise RuntimeError(
            'LinearInitHook cannot replace the wrapper of the model, which '
            'another hook keeps: let that hook keep `runner.model.module`.'
        )
    wrapper = runner.cfg.get('model_wrapper_cfg')
    runner.model = runner.wrap_model(wrapper, runner.model)
