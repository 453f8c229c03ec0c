import json

import numpy as np
import pytest
import torch
from mmengine.config import Config

from mmwsml.inference import export_onnx as module
from mmwsml.inference.export_onnx import export_onnx
from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.inference.publish import publish_model

onnxruntime = pytest.importorskip('onnxruntime')


@pytest.fixture
def run():
    """Predict an image with a file of ONNX."""

    def run(path, inferencer, picture):
        seen = []
        model = inferencer.model
        handle = model.data_preprocessor.register_forward_pre_hook(
            lambda _, args: seen.append(args[0]['inputs'])
        )
        (result,) = inferencer(picture)
        handle.remove()
        session = onnxruntime.InferenceSession(
            str(path), providers=['CPUExecutionProvider']
        )
        (scores,) = session.run(None, dict(images=seen[0].numpy()))
        return scores[0], result['scores'], session

    return run


def test_scores_are_those_of_the_inferencer(
    small_checkpoint, small_config, tmp_path, run
):
    picture = np.random.default_rng(1).integers(0, 256, (50, 40, 3), np.uint8)
    published = str(publish_model(small_checkpoint, small_config))
    inferencer = MultiLabelInferencer(published, device='cpu')
    path = export_onnx(published, out=str(tmp_path / 'a.onnx'))
    scores, wanted, session = run(path, inferencer, picture)
    np.testing.assert_allclose(scores, wanted, rtol=0, atol=1e-6)
    props = session.get_modelmeta().custom_metadata_map
    assert json.loads(props['classes']) == list(inferencer.classes)
    assert json.loads(props['thresholds']) == inferencer.thresholds.tolist()


def test_classes_that_compete_are_exported(
    small_checkpoint, small_config, tmp_path, run
):
    config = str(tmp_path / 'competing.py')
    cfg = Config.fromfile(small_config)
    cfg.model.head.type = 'mmwsml.MultinomialHead'
    cfg.dump(config)
    content = torch.load(small_checkpoint)
    state = content['state_dict']
    weight = state['head.fc.weight']
    state['head.power'] = torch.tensor(0.5)
    state['head.competition'] = torch.tensor([0.0, 0.5, 1.0])
    state['head.direct.weight'] = torch.ones_like(weight)
    state['head.direct.bias'] = torch.ones(len(weight))
    torch.save(content, small_checkpoint)
    path = export_onnx(small_checkpoint, config)
    assert path.name.endswith('.onnx')
    picture = np.random.default_rng(1).integers(0, 256, (50, 40, 3), np.uint8)
    inferencer = MultiLabelInferencer(small_checkpoint, config, 'cpu')
    scores, wanted, _ = run(path, inferencer, picture)
    np.testing.assert_allclose(scores, wanted, rtol=0, atol=1e-6)


def test_refuses_a_file_that_scores_otherwise(
    small_checkpoint, small_config, monkeypatch, tmp_path
):
    monkeypatch.setattr(module, 'TOLERANCE', -1.0)
    path = tmp_path / 'a.onnx'
    with pytest.raises(ValueError, match='of the ONNX file differ by'):
        export_onnx(small_checkpoint, small_config, str(path))
    assert not path.exists()
