"""A head that begins as the linear discriminant of its features."""

import time
from typing import Any, List, Optional, Sequence, Union

import torch
from mmengine.dist import all_reduce, broadcast
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor
from torch.nn import Parameter
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.data import DataLoader

from mmwsml.engine.closed_form_loop import ClosedFormLoop
from mmwsml.engine.feature_pass import iter_features
from mmwsml.engine.full_pass import load_images
from mmwsml.engine.head import head_of
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.models.heads import MultinomialHead, PartialLabelHead
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_number


@HOOKS.register_module()
class LinearDiscriminantHook(Hook):
    """Set the linear layer to its discriminant analysis.

    One forward pass before training, in evaluation mode with the
    transforms of validation, gives mean and covariance of their features and
    the share and mean of each class's observed positives; all else counts as
    negative. These make the layer in closed form, :meth:`FeatureSums.solve`:
    LinearInit in a pass, without a learning rate. The backbone should be
    pre-trained, and its batch norms stay as they are (``norm_eval=True``):
    training that averages them anew moves the features away from the head. A
    class observed in no image, or in all, keeps the weights it has.

    Where the chance of a positive to be observed depends on its class alone,
    observed positives have the mean of all. Then hidden labels change length
    and bias of a class's weights, not the direction that they have in the
    mean at a given shrinkage: neither the number of hidden positives nor
    validation labels are needed. What is lost is sample size: fewer labels
    make the direction less exact, and a larger shrinkage is chosen. (One
    positive kept of each image breaks the condition: a positive that stands
    alone is always shown.) Scores are chances to be observed, lower than
    those to be present.

    Any number of processes makes the same layer, to rounding. With one
    shrinkage a resumed run does nothing, and an average of the model
    (``EMAHook``) begins with the layer; with several a resumed run makes the
    pass again.

    Args:
        shrinkage (float | Sequence[float], optional): What is added to the
            variance of each feature, in multiples of their mean, above 0.
            Of several, each epoch of :class:`ClosedFormLoop` takes one, for
            validation to choose. Defaults to None: chosen by generalised
            cross-validation on the training images, which is too low where
            the backbone has learned from the same labels.
        pipeline (list[dict], optional): Transforms of the images, up to
            packing; those of labels stay training's. Defaults to None: those
            of ``val_dataloader``, or else of ``test_dataloader``.

    Sources: that hidden labels scale a score and leave its order is from
    `Learning Classifiers from Only Positive and Unlabeled Data
    <https://doi.org/10.1145/1401890.1401920>`_ (KDD 2008), there of any
    probability; the shrunk covariance is the second one of `Regularized
    Discriminant Analysis <https://doi.org/10.1080/01621459.1989.10478752>`_
    (1989), up to its scale.

    Raises:
        ValueError: If a ``shrinkage`` is not above 0.
    """

    def __init__(
        self,
        shrinkage: Union[float, Sequence[float], None] = None,
        pipeline: Optional[List[dict]] = None,
    ) -> None:
        self.several = isinstance(shrinkage, (list, tuple))
        #: Of each epoch in turn, or one, which is chosen where it is None.
        self.shrinkages: Sequence[Any] = [shrinkage]
        if isinstance(shrinkage, (list, tuple)):
            self.shrinkages = shrinkage
        if shrinkage is not None:
            for value in self.shrinkages:
                check_number('shrinkage', value, 0, ends='(]')
        self.pipeline = pipeline

    def before_train(self, runner: Runner) -> None:
        """Sum up the features; make the layer, if from one shrinkage.

        Raises:
            TypeError: If the head is not one of mmwsml.
            ValueError: If the head is not linear in pooled features, labels
                are not of its kind, there is no pipeline or nothing to learn
                from, or several shrinkages do not meet as many validations.
        """
        if self.several:
            self._check_epochs(runner)
        elif runner.iter or runner.epoch:
            return
        begin, head = time.perf_counter(), head_of(runner)
        if not isinstance(head, PartialLabelHead) or isinstance(
            head, MultinomialHead
        ):
            raise TypeError(
                'LinearDiscriminantHook makes the linear layer of a '
                f'PartialLabelHead, but got {type(head).__name__}: remove the '
                'hook or change the head.'
            )
        loader = load_images(runner, type(self).__name__, self.pipeline)
        sums = _sum_up(runner, loader)
        images: Any = loader.dataset  # torch knows no length of it
        runner.logger.info(
            f'The features of {len(images)} training images were '
            f'added up in {time.perf_counter() - begin:.1f} s.'
        )
        if self.several:
            self._sums = sums
        else:
            _make_head(runner, sums, self.shrinkages[0])
        if not isinstance(runner.train_loop, ClosedFormLoop):
            warn_of_moving_norms(runner)

    def before_train_epoch(self, runner: Runner) -> None:
        """Make the layer from the epoch's own shrinkage, if it has one."""
        if self.several:
            _make_head(runner, self._sums, self.shrinkages[runner.epoch])

    def _check_epochs(self, runner: Runner) -> None:
        loop, number = runner.train_loop, len(self.shrinkages)
        if not isinstance(loop, ClosedFormLoop) or loop.max_epochs != number:
            raise ValueError(
                'A list of `shrinkage` needs a ClosedFormLoop of as many '
                f'epochs, but got {number} for {loop.max_epochs} epochs of '
                f'{type(loop).__name__}: set `train_cfg`, or one shrinkage.'
            )
        if (
            runner.val_loop is None
            or max(loop.val_begin, loop.val_interval) > 1
        ):
            raise ValueError(
                'A list of `shrinkage` is for validation to choose from, but '
                'not every epoch is validated: add `val_dataloader`, set '
                '`val_interval` and `val_begin` to 1, or set one shrinkage.'
            )


def _make_head(
    runner: Runner, sums: FeatureSums, shrinkage: Optional[float]
) -> None:
    layer, head = sums.solve(shrinkage), head_of(runner)
    _replace(head.fc.weight, layer.weight, layer.known)
    _replace(head.fc.bias, layer.bias, layer.known)
    runner.logger.info(
        'The head is the linear discriminant of the features, with a '
        f'shrinkage of {layer.shrinkage:.3g}; {int((~layer.known).sum())} of '
        f'{len(layer.known)} classes have nothing to learn from and keep '
        'their weights.'
    )


def warn_of_moving_norms(runner: Runner) -> None:
    """Warn of batch norms that will move the features from their head."""
    runner.model.train()  # as the loop will
    moving = [
        module
        for module in runner.model.modules()
        if isinstance(module, _BatchNorm) and module.training
    ]
    if moving:
        runner.logger.warning(
            f'{len(moving)} batch norms will average anew in training, and '
            'the features move away from the head that was made for them: '
            'set `model.backbone.norm_eval=True`, where it has the option.'
        )


def _sum_up(runner: Runner, loader: DataLoader) -> FeatureSums:
    """Add up the features of all processes' images."""
    head = head_of(runner)
    classes, channels = head.fc.weight.shape
    device = head.fc.weight.device
    sums = FeatureSums(channels, classes, device)
    for features, samples in iter_features(
        runner, loader, 'LinearDiscriminantHook'
    ):
        sums.add(features, head.read_labels(samples, device).target)
    all_reduce(sums.products)
    all_reduce(sums.positives)
    return sums


def _replace(weight: Parameter, value: Tensor, known: Tensor) -> None:
    """Set the rows of the known classes, the same on all processes."""
    known = known.to(weight.device)
    with torch.no_grad():
        weight[known] = value.to(weight)[known]
    broadcast(weight.data)
