"""Class-activation maps beside the predictions of a test."""

from functools import partial
from typing import Any, Callable, List, Optional, Sequence

import torch
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.runner import Runner
from mmpretrain.models.necks import GlobalAveragePooling
from mmpretrain.structures import DataSample
from torch import Tensor, nn

from mmwsml.engine.head import bare_model
from mmwsml.models.activation_maps import gradient_maps, linear_maps
from mmwsml.models.heads import MultinomialHead
from mmwsml.registry import HOOKS
from mmwsml.structures.checks import check_choice


@HOOKS.register_module()
class ActivationMapHook(Hook):
    """Give each tested image the maps of its true classes.

    Adds to the data samples ``activation_maps``, float32 ``(P, h, w)`` in the
    order of ``gt_label``, and ``input_shape``, height and width of what the
    network saw, for metrics such as ``PointingGame``.

    Args:
        method (str): 'cam', exact, for a linear head over global average
            pooling and for :class:`BoostLUHead`, or 'grad-cam' for any other,
            with the package ``grad-cam``: a pass forward and back for each
            image. Defaults to 'cam'.
        target_layer (str, optional): The module whose features 'grad-cam'
            looks at; see :func:`gradient_maps`. Defaults to None.

    Raises:
        ValueError: If ``method`` is unknown, or 'grad-cam' has no
            ``target_layer``.
    """

    def __init__(
        self, method: str = 'cam', target_layer: Optional[str] = None
    ) -> None:
        check_choice('method', method, ('cam', 'grad-cam'))
        if method == 'grad-cam' and target_layer is None:
            raise ValueError(
                "method='grad-cam' needs `target_layer`, the name of a module "
                "such as 'backbone.layers.11.ln1'."
            )
        self.method = method
        self.target_layer = target_layer
        self._features: Optional[Tensor] = None
        self._maps: Optional[Callable[[Tensor, Sequence[int]], Tensor]] = None
        self._handles: List[Any] = []

    def before_test(self, runner: Runner) -> None:
        """Watch the model.

        Raises:
            TypeError: If the model is not one that 'cam' is exact for.
        """
        model = bare_model(runner)
        if self.method == 'cam':
            self._watch_features(model)
        self._handles.append(
            model.register_forward_hook(self._add, with_kwargs=True)
        )

    def after_test(self, runner: Runner) -> None:
        """Watch no longer."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self._features = self._maps = None

    def _watch_features(self, model: BaseModel) -> None:
        """Find the feature map and what makes maps of it."""
        neck, head = getattr(model, 'neck', None), model.head
        if hasattr(head, 'activation_maps'):
            # It takes the feature map itself.
            self._maps, taker = head.activation_maps, head
        elif (
            isinstance(neck, GlobalAveragePooling)
            and isinstance(getattr(head, 'fc', None), nn.Linear)
            and not isinstance(head, MultinomialHead)  # takes no plain means
        ):
            self._maps, taker = partial(_pooled_maps, head.fc), neck
        else:
            raise TypeError(
                "method='cam' needs a GlobalAveragePooling neck and a linear "
                f'head, or a BoostLUHead, but the model has '
                f'{type(neck).__name__} and {type(head).__name__}; use '
                "method='grad-cam'."
            )
        self._handles.append(taker.register_forward_pre_hook(self._keep))

    def _keep(self, taker: nn.Module, args: tuple) -> None:
        """Keep the feature map that a neck or head is about to take."""
        features = args[0]
        if isinstance(features, (tuple, list)):
            features = features[-1]
        self._features = features

    def _add(
        self,
        model: nn.Module,
        args: tuple,
        kwargs: dict,
        samples: List[DataSample],
    ) -> None:
        """Add its maps to each sample that comes out."""
        inputs = kwargs['inputs'] if 'inputs' in kwargs else args[0]
        if kwargs.get('mode') != 'predict':  # a pass of grad-cam's own
            return
        for n, sample in enumerate(samples):
            labels = sample.gt_label.tolist()
            if self._maps is not None and self._features is not None:
                maps = self._maps(self._features[n], labels)
            elif labels and self.target_layer is not None:
                maps = gradient_maps(
                    model, inputs[n], labels, self.target_layer
                )
            else:
                maps = torch.empty(0, *inputs.shape[-2:])
            sample.activation_maps = maps.detach().cpu()
            shape = tuple(inputs.shape[-2:])
            sample.set_metainfo(dict(input_shape=shape))


def _pooled_maps(
    linear: nn.Linear, features: Tensor, labels: Sequence[int]
) -> Tensor:
    return linear_maps(features, linear.weight[list(labels)])
