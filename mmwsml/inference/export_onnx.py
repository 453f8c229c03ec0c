"""A trained model as an ONNX file."""

import inspect
import io
import json
import warnings
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import torch
from mmengine.model import BaseModel
from torch import Tensor, nn

from mmwsml.structures.whole_file import write_whole

from .inferencer import Image, MultiLabelInferencer

#: The largest difference of a score that rounding explains.
TOLERANCE = 1e-5
NUM_IMAGES = 3


class _Scores(nn.Module):
    """A classifier as a function from pixels to scores."""

    def __init__(self, model: BaseModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> Tensor:
        data = self.model.data_preprocessor(dict(inputs=images), False)
        features = self.model.extract_feat(data['inputs'])
        return self.model.head(features).float().sigmoid()


def export_onnx(
    checkpoint: str, config: Optional[str] = None, out: Optional[str] = None
) -> Path:
    """Write a model, what normalises its images included, as ONNX.

    The file has the input ``images``, uint8 ``(N, 3, H, W)``, BGR, resized as
    in evaluation, with any N; the output ``scores``, float32 ``(N, K)``; and
    in its metadata ``classes`` and ``thresholds``, JSON. Before it is
    written, its scores are compared with the inferencer's.

    Args:
        checkpoint (str): A checkpoint of a run, or a published one.
        config (str, optional): Of the run. Defaults to None: the one inside a
            published checkpoint.
        out (str, optional): The file. Defaults to None: the checkpoint's name
            with ``.onnx``.

    Returns:
        Path: The file.

    Raises:
        ImportError: If ``onnx`` or ``onnxruntime`` is missing.
        FileNotFoundError: If a file does not exist.
        ValueError: As :class:`MultiLabelInferencer`, or if the scores differ
            by more than 1e-5.
    """
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise ImportError(
            'An export needs the packages onnx and onnxruntime: install them '
            "with pip install 'mmwsml[onnx]'."
        ) from error
    inferencer = MultiLabelInferencer(checkpoint, config, 'cpu')
    pictures = np.random.default_rng(0).integers(
        0, 256, (NUM_IMAGES, 96, 128, 3), np.uint8
    )
    images, scores = _predict(inferencer, list(pictures))
    content = onnx.load_from_string(_export(inferencer.model, images))
    props: Dict[str, Any] = dict(
        classes=list(inferencer.classes),
        thresholds=inferencer.thresholds.tolist(),
    )
    onnx.helper.set_model_props(
        content, {name: json.dumps(value) for name, value in props.items()}
    )
    data = content.SerializeToString()
    session = onnxruntime.InferenceSession(
        data, providers=['CPUExecutionProvider']
    )
    _compare(session, images.numpy(), scores)
    path = Path(out) if out else Path(checkpoint).with_suffix('.onnx')
    write_whole(path, data)
    return path


def _predict(
    inferencer: MultiLabelInferencer, pictures: List[Image]
) -> Tuple[Tensor, np.ndarray]:
    """Return what the model gets of pictures, and its scores."""
    seen: List[Tensor] = []
    handle = inferencer.model.data_preprocessor.register_forward_pre_hook(
        lambda _, args: seen.append(args[0]['inputs'])
    )
    results = inferencer(pictures, batch_size=len(pictures))
    handle.remove()
    return seen[0], np.stack([result['scores'] for result in results])


def _export(model: BaseModel, images: Tensor) -> bytes:
    """Trace a model; the number of images stays free."""
    options: Dict[str, Any] = {}
    if 'dynamo' in inspect.signature(torch.onnx.export).parameters:
        options['dynamo'] = False  # the other way needs onnxscript
    buffer: Any = io.BytesIO()  # as the exporter takes it
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter('ignore')  # of shapes that a trace fixes
        torch.onnx.export(
            _Scores(model).eval(),
            (images,),
            buffer,
            input_names=['images'],
            output_names=['scores'],
            dynamic_axes=dict(images={0: 'N'}, scores={0: 'N'}),
            opset_version=17,
            **options,
        )
    return buffer.getvalue()


def _compare(session: Any, images: np.ndarray, scores: np.ndarray) -> None:
    """Refuse a file whose scores are not those of the model."""
    for size in (len(images), 1):  # any number of them
        (found,) = session.run(None, dict(images=images[:size]))
        difference = np.abs(found - scores[:size]).max()
        if not difference <= TOLERANCE:
            raise ValueError(
                f'The scores of the ONNX file differ by {difference:.2g} from '
                f'those of the model, more than {TOLERANCE:g}: the exporter '
                'of this version of torch does not fit the model; try '
                'another version.'
            )
