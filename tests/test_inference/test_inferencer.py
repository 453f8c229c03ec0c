import os
import shutil

import cv2
import numpy as np
import pytest
import torch
from mmengine.dataset import Compose
from mmpretrain.registry import TRANSFORMS

from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.inference.inferencer import MultiLabelInferencer


@pytest.fixture
def inferencer(small_checkpoint, small_config):
    return MultiLabelInferencer(small_checkpoint, small_config, 'cpu')


def stack(results):
    return np.stack([result['scores'] for result in results])


@pytest.mark.parametrize('batch_size', [1, 3, 100])
def test_equals_the_model_on_each_image_alone(
    inferencer, pictures, batch_size
):
    steps = inferencer.config.test_dataloader.dataset.pipeline
    pipeline = Compose([TRANSFORMS.build(step) for step in steps])
    for result, path in zip(
        inferencer(pictures, batch_size=batch_size), pictures
    ):
        packed = pipeline(dict(img_path=path, sample_id=path))
        packed = {key: [value] for key, value in packed.items()}
        with torch.no_grad():
            expected = inferencer.model.test_step(packed)[0].pred_score
        np.testing.assert_allclose(result['scores'], expected, atol=1e-6)
        assert result['img_path'] == path


def test_images_of_several_sizes_share_a_batch(
    small_checkpoint, small_config, pictures
):
    inferencer = MultiLabelInferencer(small_checkpoint, small_config)
    del inferencer.pipeline.transforms[1]  # no resizing
    alone = stack(inferencer(pictures, batch_size=1))
    together = stack(inferencer(pictures, batch_size=7))
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_a_decoded_image_gives_the_same_as_its_file(inferencer, pictures):
    arrays = [cv2.imread(path) for path in pictures]
    results = inferencer(arrays)
    np.testing.assert_array_equal(stack(results), stack(inferencer(pictures)))
    assert results[0]['img_path'] is None


def test_names_the_classes_above_their_thresholds(inferencer, pictures):
    inferencer.thresholds = np.float32([0, 1, 0])
    for result in inferencer(pictures):
        labels = ['cat', 'emu']
        if result['scores'][2] > result['scores'][0]:
            labels.reverse()  # the surest first
        assert result['labels'] == labels


def test_a_score_at_its_threshold_counts(inferencer, pictures):
    [first] = inferencer(pictures[0])
    inferencer.thresholds = first['scores']
    assert len(inferencer(pictures[0])[0]['labels']) == 3


@pytest.mark.parametrize('form', ['path', 'object'])
def test_takes_thresholds(small_checkpoint, small_config, tmp_path, form):
    values = np.array([0.1, 0.2, 0.3])
    thresholds = Thresholds(('cat', 'dog', 'emu'), values)
    if form == 'path':
        path = str(tmp_path / 'thresholds.json')
        write_thresholds(path, thresholds)
        thresholds = path
    inferencer = MultiLabelInferencer(
        small_checkpoint, small_config, thresholds=thresholds
    )
    np.testing.assert_array_equal(inferencer.thresholds, np.float32(values))


def test_half_is_the_threshold_by_default(inferencer):
    assert inferencer.thresholds.tolist() == [0.5] * 3


def test_thresholds_of_other_classes_are_refused(
    small_checkpoint, small_config
):
    thresholds = Thresholds(('cat', 'dog'), np.zeros(2))
    with pytest.raises(ValueError, match='thresholds of 2 classes that are'):
        MultiLabelInferencer(
            small_checkpoint, small_config, thresholds=thresholds
        )


@pytest.fixture
def broken(tmp_path):
    """Write files that are no images."""
    whole = cv2.imencode('.jpg', np.zeros((40, 40, 3), np.uint8))[1]
    contents = dict(empty=b'', text=b'hello', cut=whole.tobytes()[:100])
    paths = []
    for name, content in contents.items():
        paths.append(tmp_path / f'{name}.jpg')
        paths[-1].write_bytes(content)
    return [str(path) for path in (*paths, tmp_path / 'missing.jpg')]


def test_broken_images_are_named_and_skipped(inferencer, pictures, broken):
    mixed = [*pictures[:2], *broken, *pictures[2:]]
    results = inferencer(mixed, batch_size=3, on_error='skip')
    assert [result['img_path'] for result in results] == pictures
    assert list(inferencer.skipped) == broken
    for path, reason in inferencer.skipped.items():
        assert path in reason and 'cannot be read as a picture' in reason
    np.testing.assert_allclose(
        stack(results), stack(inferencer(pictures)), atol=1e-6
    )
    assert inferencer.skipped == {}


def test_a_broken_image_is_an_error_by_default(inferencer, broken):
    with pytest.raises(OSError, match=r'empty\.jpg cannot be read as a pict'):
        inferencer(broken)


def test_only_broken_images_give_nothing(inferencer, broken):
    assert inferencer(broken, on_error='skip') == []


@pytest.mark.parametrize(
    'convert',
    [
        lambda image: image[..., 0],  # grey
        lambda image: image.astype(np.uint16) * 257,
        lambda image: np.dstack([image, image[..., :1]]),  # with alpha
    ],
)
def test_other_depths_and_channels_are_read_as_colour(
    inferencer, tmp_path, convert
):
    path = str(tmp_path / 'other.png')
    image = np.random.default_rng(0).integers(0, 255, (20, 20, 3), np.uint8)
    cv2.imwrite(path, convert(image))
    expected = image
    if convert(image).ndim == 2:
        expected = np.repeat(image[..., :1], 3, axis=2)
    np.testing.assert_allclose(
        stack(inferencer(path)), stack(inferencer(expected)), atol=1e-6
    )


def test_draws_a_picture_of_each_image(inferencer, pictures, tmp_path):
    inferencer.thresholds = np.float32([0, 0, 0])
    inferencer(pictures[:2], show_dir=str(tmp_path / 'show'))
    drawn = cv2.imread(str(tmp_path / 'show' / '0.png.jpg'))
    assert min(drawn.shape[:2]) == 384
    plain = cv2.resize(cv2.imread(pictures[0]), drawn.shape[1::-1])
    box = np.abs(drawn[:100, :200].astype(int) - plain[:100, :200])
    assert box.mean() > 20  # a box with text lies there


def test_returns_data_samples(inferencer, pictures):
    [sample] = inferencer(pictures[0], return_datasamples=True)
    assert sample.pred_score.shape == (3,)


def test_options_that_are_wrong_are_refused(inferencer, pictures):
    with pytest.raises(ValueError, match="`on_error` must be 'raise' or"):
        inferencer(pictures, on_error='ignore')
    with pytest.raises(
        ValueError, match='`batch_size` must be an integer of at'
    ):
        inferencer(pictures, batch_size=0)


def test_a_name_that_is_not_utf8_is_skipped_and_can_be_written(
    inferencer, pictures, tmp_path
):
    path = str(tmp_path / os.fsdecode(b'caf\xe9.jpg'))
    shutil.copy(pictures[0], path)
    assert len(inferencer([path, *pictures], on_error='skip')) == len(pictures)
    ((name, reason),) = inferencer.skipped.items()
    assert name.encode().endswith(rb'caf\udce9.jpg')
    assert 'is not UTF-8' in reason
    with pytest.raises(OSError, match='not UTF-8 or holds a zero: rename'):
        inferencer([path])
