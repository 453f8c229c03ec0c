import json

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpretrain import get_model

from mmwsml.engine import feature_extraction
from mmwsml.engine.feature_extraction import extract_features
from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter


@pytest.fixture
def cfg(small_config, image_folder):
    """Describe a small model and twenty images, batches of four."""
    cfg = Config.fromfile(small_config)
    cfg.launcher = 'none'
    dataset = cfg.test_dataloader.dataset
    dataset.update(ann_file='ann.json', data_root=str(image_folder))
    cfg.test_dataloader.batch_size = 4
    return cfg


@pytest.fixture
def oracle(cfg, small_checkpoint, image_folder):
    """Compute features one image at a time, without the data set."""
    model = get_model(cfg, pretrained=small_checkpoint).eval()

    def compute(name, flip):
        image = cv2.imread(str(image_folder / name))
        image = cv2.resize(image, (20, 20)).astype(np.float32)
        image = (image[:, ::-1] if flip else image).copy()
        inputs = (torch.from_numpy(image).permute(2, 0, 1) - 90) / 60
        with torch.no_grad():
            return model.backbone(inputs[None])[-1].mean((2, 3))[0]

    return compute


@pytest.mark.parametrize('flip', [False, True])
def test_writes_what_the_head_receives(
    cfg, small_checkpoint, oracle, tmp_path, flip
):
    extract_features(cfg, tmp_path / 'out', small_checkpoint, flip=flip)
    arrays = FeatureArrays(tmp_path / 'out')
    assert arrays.features.shape == (20, 1 + flip, 8)
    for n in range(20):
        views = arrays[f'images/{n}.png']
        for view, features in enumerate(views):
            expected = oracle(f'{n}.png', flip=bool(view)).numpy()
            np.testing.assert_allclose(features, expected, 1e-5, 1e-6)


def test_says_what_the_features_are_of(cfg, small_checkpoint, tmp_path):
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    meta = json.loads((tmp_path / 'out/meta.json').read_text())
    assert meta['config'] == 'small.py'
    assert meta['checkpoint'] == 'epoch_3.pth'
    assert (meta['num_views'], meta['num_channels']) == (1, 8)
    assert meta['preprocessing']['data_preprocessor']['mean'] == [90.0] * 3


def test_goes_on_after_a_kill(cfg, small_checkpoint, tmp_path, monkeypatch):
    compute, calls = feature_extraction.compute_features, []

    def count(model, inputs, num_views):
        calls.append(len(inputs))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return compute(model, inputs, num_views)

    monkeypatch.setattr(feature_extraction, 'compute_features', count)
    with pytest.raises(KeyboardInterrupt):
        extract_features(cfg, tmp_path / 'out', small_checkpoint)
    with pytest.raises(ValueError, match='12 of 20 images are not there yet'):
        FeatureArrays(tmp_path / 'out')
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    assert calls == [4, 4, 4, 4, 4, 4]  # eight images were done
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    assert len(calls) == 6
    monkeypatch.undo()
    extract_features(cfg, tmp_path / 'at_once', small_checkpoint)
    parts = [FeatureArrays(tmp_path / x).features for x in ('out', 'at_once')]
    np.testing.assert_allclose(*parts, 1e-5, 1e-6)


def test_two_processes_share_the_work(
    cfg, small_checkpoint, tmp_path, on_ranks, monkeypatch
):
    extract_features(cfg, tmp_path / 'one', small_checkpoint)
    write, written = FeatureWriter.write, []

    def note(self, rows, features):
        written.extend(rows)
        write(self, rows, features)

    monkeypatch.setattr(FeatureWriter, 'write', note)

    def work(rank):
        extract_features(cfg, tmp_path / 'two', small_checkpoint)
        return len(written)

    on_ranks(2, work)
    assert sorted(written) == list(range(20))
    parts = [FeatureArrays(tmp_path / x).features for x in ('one', 'two')]
    np.testing.assert_allclose(*parts, 1e-5, 1e-6)


def change_pipeline(cfg):
    cfg.test_dataloader.dataset.pipeline[1].scale = (24, 24)


def change_mean(cfg):
    cfg.data_preprocessor.mean = [0.0] * 3


def change_images(cfg):
    cfg.test_dataloader.dataset.indices = 19


@pytest.mark.parametrize(
    'change, what',
    [
        (change_pipeline, 'another `preprocessing`, .*20.* and not .*24'),
        (change_mean, 'another `preprocessing`, .*90.* and not'),
        (change_images, r"other images, those of \['test'\] of small.py"),
    ],
)
def test_refuses_features_of_something_else(
    cfg, small_checkpoint, tmp_path, change, what
):
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    change(cfg)
    with pytest.raises(ValueError, match=f'out holds features of {what}'):
        extract_features(cfg, tmp_path / 'out', small_checkpoint)


def test_refuses_features_of_other_weights(cfg, small_checkpoint, tmp_path):
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    content = torch.load(small_checkpoint)
    for weight in content['state_dict'].values():
        weight += 1
    torch.save(content, small_checkpoint)
    with pytest.raises(ValueError, match=r'another `weights`, [0-9a-f]* and '):
        extract_features(cfg, tmp_path / 'out', small_checkpoint)


def test_refuses_another_number_of_views(cfg, small_checkpoint, tmp_path):
    extract_features(cfg, tmp_path / 'out', small_checkpoint)
    with pytest.raises(ValueError, match='another `num_views`, 1 and not 2'):
        extract_features(cfg, tmp_path / 'out', small_checkpoint, flip=True)


def test_refuses_a_folder_of_something_else(cfg, small_checkpoint, tmp_path):
    with pytest.raises(ValueError, match='is there, but holds no features'):
        extract_features(cfg, tmp_path, small_checkpoint)


def test_refuses_random_weights(cfg, tmp_path):
    with pytest.raises(ValueError, match=r'the weights backbone.* are random'):
        extract_features(cfg, tmp_path / 'out')
    assert not (tmp_path / 'out').exists()
