import cv2
import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger

from mmwsml.evaluation import PointingGame


def sample(
    labels=(0,), points=((1, 1),), boxes=((0, 0, 0, 20, 20),), **fields
):
    """An image of 40 x 40 px, a map of 4 x 4 with one maximum a label."""
    maps = torch.zeros(len(labels), 4, 4)
    for activation, (row, column) in zip(maps, points):
        activation[row, column] = 1
    result = dict(
        img_path='a.png',
        pred_score=torch.zeros(3),
        gt_label=torch.tensor(labels),
        activation_maps=maps,
        input_shape=(20, 20),
        img_shape=(20, 20),
        ori_shape=(40, 40),
        scale_factor=(0.5, 0.5),
        instances=[dict(bbox=box, bbox_label=k) for k, *box in boxes],
    )
    return {**result, **fields}


def play(*samples, **kwargs):
    metric = PointingGame(**kwargs)
    metric.process({}, samples)
    return metric.evaluate(len(samples))


def test_known_hits_are_averaged_over_images_then_classes():
    box = (0, 0, 0, 20, 20)
    samples = [
        sample(points=[(1, 1)]),  # hit
        sample(points=[(3, 3)]),  # miss
        sample(points=[(0, 3)], boxes=[box, (0, 30, 0, 40, 10)]),  # hit
        sample([0, 2], [(2, 2), (2, 2)], [box, (2, 20, 20, 30, 30)]),
    ]
    found = play(*samples)
    # Class 0: 2 of 4, class 2: 1 of 1; class 1 has no box.
    assert found['pointing-game/hit_rate'] == pytest.approx(75)
    assert found['pointing-game/num_maps'] == 5
    shares = [np.mean([25, 25, 31.25, 25]), 6.25]
    assert found['pointing-game/box_share'] == pytest.approx(np.mean(shares))


def test_a_tolerance_turns_a_near_miss_into_a_hit():
    near = sample(points=[(1, 2)])  # x = 25, the box ends at 20
    assert play(near)['pointing-game/hit_rate'] == 0
    assert play(near, tolerance=6)['pointing-game/hit_rate'] == 100


def test_a_true_class_without_a_box_is_left_out_and_named(monkeypatch):
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', messages.append)
    metric = PointingGame()
    metric.dataset_meta = dict(classes=('cat', 'dog', 'emu'))
    metric.process({}, [sample([0, 1], [(1, 1), (1, 1)])])
    assert metric.evaluate(1)['pointing-game/hit_rate'] == 100
    assert '2 of 3 classes without a box: dog, emu' in messages[0]


def test_an_image_without_a_label_counts_nothing():
    found = play(sample(), sample([], [], []))
    assert found['pointing-game/num_maps'] == 1


def test_draws_a_picture_of_each_map(tmp_path):
    path = str(tmp_path / 'a.png')
    cv2.imwrite(path, np.zeros((40, 40, 3), np.uint8))
    metric = PointingGame(show_dir=str(tmp_path / 'show'))
    metric.dataset_meta = dict(classes=('cat', 'dog', 'emu'))
    metric.process({}, [sample(img_path=path)])
    drawn = cv2.imread(str(tmp_path / 'show' / 'a_0.png'))
    assert drawn.shape == (28 + 320, 320, 3)


def test_no_box_at_all_is_refused():
    with pytest.raises(ValueError, match='none of 1 images has a box of one'):
        play(sample(boxes=[]))


@pytest.mark.parametrize(
    ('missing', 'rule'),
    [
        ('activation_maps', 'has no `activation_maps`: add'),
        ('instances', r'has no boxes \(`instances`\): set with_boxes=True'),
    ],
)
def test_missing_parts_are_refused(missing, rule):
    broken = sample()
    del broken[missing]
    with pytest.raises(ValueError, match=rule):
        play(broken)


@pytest.mark.parametrize('label', [-1, 3])
def test_a_box_of_another_class_is_refused(label):
    with pytest.raises(ValueError, match=rf'is of the class {label}, which'):
        play(sample(boxes=[(label, 0, 0, 1, 1)]))


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_a_map_that_is_not_finite_is_refused(value):
    maps = torch.full((1, 4, 4), value)
    with pytest.raises(ValueError, match=r'A map of the image a\.png is not'):
        play(sample(activation_maps=maps))


@pytest.mark.parametrize(
    'fields',
    [
        dict(img_shape=(20, 18)),
        dict(img_shape=(40, 40)),
        dict(scale_factor=(0.5, 0.8)),
    ],
)
def test_a_crop_is_refused(fields):
    with pytest.raises(ValueError, match=r'must see the whole image a\.png'):
        play(sample(**fields))


@pytest.mark.parametrize('tolerance', [-1, float('nan')])
def test_a_negative_tolerance_is_refused(tolerance):
    with pytest.raises(ValueError, match='`tolerance` must be finite and at'):
        PointingGame(tolerance)
