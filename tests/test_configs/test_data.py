"""The bases of the data sets in their original layouts."""

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.dataset import Compose
from mmpretrain.registry import MODELS
from PIL import Image

from mmwsml.registry import DATASETS

NAMES = ('voc12', 'coco14', 'nusofficial', 'nusspml', 'cub')


@pytest.fixture(params=NAMES)
def original(request, tmp_path, monkeypatch, write_original):
    """Write a small set in its original layout where its configs look."""
    num_classes = write_original(request.param, num_train=10, num_test=3)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    return request.param, num_classes


@pytest.fixture
def read_base(configs):
    """Return a function that reads a base."""

    def read(name, px):
        return Config.fromfile(
            configs / f'_base_/datasets/{name}-1pos-{px}px.py'
        )

    return read


def build_datasets(cfg):
    """Build the data sets of a base config."""
    loaders = (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader)
    return [DATASETS.build(loader.dataset) for loader in loaders]


@pytest.mark.parametrize('px', [448, 224])
def test_an_original_data_set_follows_the_protocol(original, px, read_base):
    name, num_classes = original
    cfg = read_base(name, px)
    datasets = build_datasets(cfg)
    assert cfg.data_preprocessor.num_classes == num_classes
    assert [len(dataset) for dataset in datasets] == [8, 2, 3]
    for dataset, num_known in zip(datasets, (1, 2, 2)):
        assert len(dataset.metainfo['classes']) == num_classes
        for i in range(len(dataset)):
            packed = dataset[i]
            sample = packed['data_samples']
            assert packed['inputs'].shape == (3, px, px)
            assert len(sample.gt_label) == num_known
            assert ('neg_label' in sample) == (num_known == 1)
            assert set(sample.gt_label.tolist()) <= set(dataset.get_cat_ids(i))


def test_the_parts_of_an_original_data_set_share_no_image(original, read_base):
    ids = [
        dataset.get_data_info(i)['sample_id']
        for dataset in build_datasets(read_base(original[0], 448))
        for i in range(len(dataset))
    ]
    assert len(set(ids)) == len(ids) == 13


@pytest.mark.parametrize('name', NAMES)
def test_the_sizes_of_an_original_data_set_differ_in_pixels_only(
    name, read_base
):
    small, large = (read_base(name, px).pretty_text for px in (224, 448))
    assert small != large
    assert small.replace('224', '448') == large.replace('224', '448')


@pytest.mark.parametrize('px', [448, 224])
@pytest.mark.parametrize('name', NAMES)
def test_batch_size_and_augmentation_are_those_of_the_protocol(
    name, px, read_base
):
    cfg = read_base(name, px)
    loaders = (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader)
    assert [loader.batch_size for loader in loaders] == [16] * 3
    flips = [t for t in cfg.image_pipeline if t.type == 'RandomFlip']
    assert flips == [dict(type='RandomFlip', prob=0.5, direction='horizontal')]
    assert not [t for t in cfg.test_pipeline if t.type == 'RandomFlip']


def read_as_the_paper(path, px):
    """Read, resize and normalise an image with Pillow and NumPy alone."""
    with Image.open(path) as image:
        pixels = image.convert('RGB').resize((px, px), Image.BILINEAR)
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    return ((np.array(pixels) / 255 - mean) / std).transpose(2, 0, 1)


def write_kinds(folder):
    """Write pictures of several kinds, smaller and larger than the input."""
    rng = np.random.default_rng(0)
    for name, mode, size in (
        ('color.jpg', 'RGB', (640, 480)),
        ('small.png', 'RGB', (90, 130)),
        ('grey.jpg', 'L', (500, 333)),
        ('print.jpg', 'CMYK', (300, 400)),
        ('turned.jpg', 'RGB', (400, 300)),
    ):
        shape = (*size[::-1], len(mode)) if len(mode) > 1 else size[::-1]
        pixels = rng.integers(0, 256, shape, np.uint8)
        exif = Image.Exif()
        exif[274] = 6 if name == 'turned.jpg' else 1  # by 90 degrees
        path = folder / name
        Image.fromarray(pixels, mode=mode).save(path, exif=exif)
        yield path


@pytest.mark.parametrize('px', [448, 224])
@pytest.mark.parametrize('pipeline', ['test_pipeline', 'image_pipeline'])
def test_the_network_sees_the_pixels_that_the_papers_code_sees(
    tmp_path, read_base, px, pipeline
):
    cfg = read_base('voc12', px)
    steps = [step for step in cfg[pipeline] if step.type != 'RandomFlip']
    read = Compose(steps)
    preprocess = MODELS.build(
        dict(cfg.data_preprocessor, type='ClsDataPreprocessor')
    )
    for path in write_kinds(tmp_path):
        packed = read(dict(img_path=str(path), gt_label=[0], sample_id='x'))
        seen = preprocess(dict(inputs=[packed['inputs']]))['inputs'][0]
        expected = read_as_the_paper(path, px)
        assert np.abs(seen.numpy() - expected).max() < 1e-5


@pytest.mark.parametrize('px', [448, 224])
@pytest.mark.parametrize('name', NAMES)
def test_all_splits_of_a_protocol_are_read_alike(name, px, read_base):
    cfg = read_base(name, px)
    inner = [cfg.train_dataloader.dataset.dataset]
    inner += [cfg.val_dataloader.dataset.dataset, cfg.test_dataloader.dataset]
    for dataset in inner:
        steps = {step.type: step for step in dataset.pipeline}
        assert steps['Resize'].get('backend') == 'pillow'
        assert steps['mmwsml.LoadImage'].get('imdecode_backend') == 'pillow'
