"""Class-activation maps: where in an image the network sees a class."""

from typing import Sequence

import torch
from mmengine.model import BaseModel
from torch import Tensor, nn


def linear_maps(features: Tensor, weight: Tensor) -> Tensor:
    """Compute the maps of a linear layer over averaged features.

    They are exact: the mean of a map over its places, plus the bias, is the
    logit of the class (`Learning Deep Features for Discriminative
    Localization <https://arxiv.org/abs/1512.04150>`_, CVPR 2016).

    Args:
        features (Tensor): Of an image before global average pooling, float
            ``(C, h, w)``.
        weight (Tensor): Rows of the linear layer, float ``(K, C)``.

    Returns:
        Tensor: Float32 ``(K, h, w)``.
    """
    return torch.einsum('kc,chw->khw', weight.float(), features.float())


class _Classifier(nn.Module):
    """An image classifier as a function from images to logits."""

    def __init__(self, model: BaseModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> Tensor:
        return self.model.head(self.model.extract_feat(images))


def gradient_maps(
    model: nn.Module, image: Tensor, labels: Sequence[int], target_layer: str
) -> Tensor:
    """Compute Grad-CAM maps with the package ``grad-cam``.

    `Grad-CAM <https://arxiv.org/abs/1610.02391>`_ (ICCV 2017) weights the
    features of a layer by the averaged gradients of a logit. It serves where
    there is no global average pooling, as in transformers.

    Args:
        model (nn.Module): MMPretrain's ``ImageClassifier``.
        image (Tensor): As the network sees it, float ``(3, H, W)``.
        labels (Sequence[int]): Classes to look for, P of them.
        target_layer (str): Name of a module of ``model`` whose output is
            ``(N, C, h, w)``, or tokens ``(N, L, C)``: a square of places,
            behind class tokens if there are any. In MMPretrain's
            VisionTransformer the first norm of the last block,
            'backbone.layers.11.ln1'; in its SwinTransformer
            'backbone.norm3'.

    Returns:
        Tensor: Float32 ``(P, H, W)``, not negative.

    Raises:
        ImportError: If the package is missing.
        ValueError: If there is no such layer.
    """
    try:
        from pytorch_grad_cam import GradCAM
        from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    except ImportError as error:
        raise ImportError(
            "method='grad-cam' needs the package grad-cam: install it with "
            "pip install 'mmwsml[cam]'."
        ) from error
    layers = dict(model.named_modules())
    if target_layer not in layers:
        raise ValueError(
            f'`target_layer` must name a module of the model, but it has no '
            f'{target_layer!r}; its last ones are {list(layers)[-8:]}.'
        )
    with (
        torch.enable_grad(),
        GradCAM(
            _Classifier(model), [layers[target_layer]], tokens_to_places
        ) as cam,
    ):
        images = image.expand(len(labels), *image.shape).contiguous()
        targets = [ClassifierOutputTarget(label) for label in labels]
        return torch.from_numpy(cam(images, targets)).float()


def tokens_to_places(tokens: Tensor) -> Tensor:
    """Lay tokens out as a square, without class tokens before them.

    Args:
        tokens (Tensor): ``(N, L, C)``; or ``(N, C, h, w)``, as it is.

    Returns:
        Tensor: ``(N, C, h, w)``.

    Raises:
        ValueError: If it is neither.
    """
    shape = getattr(tokens, 'shape', ())
    if len(shape) == 4:
        return tokens
    if len(shape) != 3:
        raise ValueError(
            'The output of `target_layer` must be (N, C, h, w) or (N, L, C), '
            f'but is {tuple(shape) or type(tokens)}; name another layer.'
        )
    side = int(tokens.shape[1] ** 0.5)
    places = tokens[:, tokens.shape[1] - side * side :]
    return places.unflatten(1, (side, side)).permute(0, 3, 1, 2)
