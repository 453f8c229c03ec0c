"""A head in closed form whose classes compete for the observed label."""

import time
from typing import List, Optional, Sequence, Tuple

import numpy as np
import torch
from mmengine.dist import all_reduce, broadcast
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor
from torch.utils.data import DataLoader

from mmwsml.engine.chosen_head import ChosenHead, choose_head
from mmwsml.engine.closed_form_loop import ClosedFormLoop
from mmwsml.engine.feature_pass import iter_features, read_validation
from mmwsml.engine.full_pass import load_images
from mmwsml.engine.head import head_of
from mmwsml.engine.head_made_again_loop import HeadMadeAgainLoop
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums, Layer
from mmwsml.engine.validated_discriminant import (
    compete,
    cross_fit,
    weigh_labels,
)
from mmwsml.engine.validation_images import ValidationImages
from mmwsml.models.heads import MultinomialHead
from mmwsml.registry import HOOKS

from .linear_discriminant_hook import warn_of_moving_norms

SHRINKAGE = (0.01, 0.1, 0.3, 1, 2, 5, 10, 30, 100, 300)
COMPETITION = (0, 0.1, 0.25, 0.5, 0.75, 1)
NAME = 'MultinomialDiscriminantHook'


@HOOKS.register_module()
class MultinomialDiscriminantHook(Hook):
    """Make a :class:`MultinomialHead` in closed form, from observed labels.

    One forward pass over the training images, in evaluation mode with the
    transforms of validation, adds up their features as they are, and the
    square roots of features that are never negative (after a ReLU; elsewhere
    a second pass takes them as they are). Of the sums
    :class:`MultinomialDiscriminant` makes the head at each ``shrinkage``; one
    pass over the validation images chooses one for all classes, and how far
    each class competes. The fewer positives validation has, the more both
    are shrunk towards the shrinkage of generalised cross-validation and a
    competition of 1/4, and that of a class towards that of all. Classes that
    stand alone, as of :class:`LinearDiscriminantHook`, are taken where they
    are better. A run without validation takes the default.

    All that is not an observed positive counts as unobserved. Any number of
    processes makes the same head, to rounding; a resumed run does nothing.
    Beside the sums each process holds the features of the validation images.

    Args:
        shrinkage (Sequence[float]): To choose from: what is added to the
            variance of each feature, in multiples of their mean, above 0.
            Defaults to ten, from 0.01 to 300.
        competition (Sequence[float]): To choose from, in [0, 1]: 0 for a
            class alone, 1 for a choice of one class. Defaults to 0, 0.1,
            0.25, 0.5, 0.75, 1.
        learn_validation (bool): Learn from the validation labels, complete
            ones, once all is chosen: :func:`cross_fit`. What validation
            measures afterwards is then too high. Defaults to False.
        pipeline (list[dict], optional): As of `LinearDiscriminantHook`.

    Sources: an image of L labels counts for each with 1 / L in `Exploring the
    Limits of Weakly Supervised Pretraining
    <https://arxiv.org/abs/1805.00932>`_ (ECCV 2018); square roots of features
    are the power normalisation of `Improving the Fisher Kernel for
    Large-Scale Image Classification
    <https://doi.org/10.1007/978-3-642-15561-1_11>`_ (ECCV 2010). Ours: the
    discriminant of a choice, and how far each class competes.

    Raises:
        ValueError: If a list is empty or out of range.
    """

    def __init__(
        self,
        shrinkage: Sequence[float] = SHRINKAGE,
        competition: Sequence[float] = COMPETITION,
        learn_validation: bool = False,
        pipeline: Optional[List[dict]] = None,
    ) -> None:
        if not shrinkage or not all(0 < r < float('inf') for r in shrinkage):
            raise ValueError(
                '`shrinkage` must be a list of numbers above 0, but got '
                f'{shrinkage!r}.'
            )
        if not competition or not all(0 <= g <= 1 for g in competition):
            raise ValueError(
                '`competition` must be a list of numbers in [0, 1], but got '
                f'{competition!r}.'
            )
        self.shrinkage = list(shrinkage)
        self.competition = list(competition)
        self.learn_validation = learn_validation
        self.pipeline = pipeline

    def before_train(self, runner: Runner) -> None:
        """Make the head, in a new run, if it is made before training.

        Raises:
            TypeError: If the head is not a :class:`MultinomialHead`.
            ValueError: If features are not pooled, labels not of the head's
                kind, or there is no pipeline or nothing to learn from.
        """
        head, loop = head_of(runner), runner.train_loop
        if not isinstance(head, MultinomialHead):
            raise TypeError(
                f'{NAME} makes a MultinomialHead, but got '
                f'{type(head).__name__}: set `model.head.type` to '
                "'mmwsml.MultinomialHead', or remove the hook."
            )
        if self.learn_validation and runner.val_loop is None:
            raise ValueError(
                f'{NAME} learns from validation labels, but the run has no '
                '`val_dataloader`: add one, or set learn_validation=False.'
            )
        if isinstance(loop, HeadMadeAgainLoop) or runner.iter or runner.epoch:
            return
        self._make(runner)
        if not isinstance(loop, ClosedFormLoop):
            warn_of_moving_norms(runner)

    def before_train_epoch(self, runner: Runner) -> None:
        """Make the head, if the loop makes it again after training."""
        loop = runner.train_loop
        if isinstance(loop, HeadMadeAgainLoop) and loop.makes_head:
            self._make(runner)

    def _make(self, runner: Runner) -> None:
        begin = time.perf_counter()
        loader = load_images(runner, NAME, self.pipeline)
        alone, choice, power = _sum_up(runner, loader)
        found = choice.solve()
        images = read_validation(runner, NAME) if runner.val_loop else None
        chosen = choose_head(
            images, alone, found, power, self.shrinkage, self.competition
        )
        direct = Layer(*(torch.zeros_like(part) for part in chosen.layer))
        if self.learn_validation and images is not None:
            direct = _learn(images.raised(chosen.power), chosen)
        _set(head_of(runner), chosen, direct)
        runner.logger.info(
            f'The head of {int(found.num_images)} training images was made in '
            f'{time.perf_counter() - begin:.1f} s: features to the power of '
            f'{chosen.power:g}, a shrinkage of {chosen.shrinkage:.3g}, '
            f'competition {np.round(chosen.competition, 2).tolist()}; '
            f'{int((~found.known).sum())} classes have nothing to learn from.'
        )


def _sum_up(
    runner: Runner, loader: DataLoader
) -> Tuple[FeatureSums, ChoiceSums, float]:
    """Add up the features of all processes' images; find their power."""
    head = head_of(runner)
    classes, channels = head.fc.weight.shape
    device = head.fc.weight.device
    for power in (0.5, 1.0):
        alone = FeatureSums(channels, classes, device)
        choice = ChoiceSums(channels, classes, device)
        lowest = torch.zeros((), device=device)
        for features, samples in iter_features(runner, loader, NAME):
            lowest = torch.minimum(lowest, features.min().float())
            target = head.read_labels(samples, device).target
            alone.add(features, target)
            choice.add(features.double() ** power, target)
        all_reduce(lowest, 'min')
        if lowest >= 0:
            break
    for part in (*vars(alone).values(), *vars(choice).values()):
        all_reduce(part)
    return alone, choice, power


def _learn(images: ValidationImages, chosen: ChosenHead) -> Layer:
    logits = compete(images.features, chosen.layer, chosen.competition)
    return weigh_labels(images, logits, cross_fit(images))


def _set(head: MultinomialHead, chosen: ChosenHead, direct: Layer) -> None:
    """Set the head, the same on all processes."""
    parts: Tuple[Tuple[Tensor, Tensor], ...] = (
        (head.fc.weight, chosen.layer.weight),
        (head.fc.bias, chosen.layer.bias),
        (head.competition, torch.from_numpy(chosen.competition)),
        (head.power, torch.tensor(chosen.power)),
        (head.direct.weight, direct.weight),
        (head.direct.bias, direct.bias),
    )
    with torch.no_grad():
        for part, value in parts:
            part.copy_(value)
            broadcast(part.data)
