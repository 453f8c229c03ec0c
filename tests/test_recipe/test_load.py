import csv
import json

import cv2
import numpy as np
import pytest
from PIL import Image

from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.recipe.load import load


@pytest.fixture
def model(fitted):
    return load(fitted.path)


def test_a_folder_an_array_and_a_list_get_the_same_scores(model, photos):
    found = model.predict(photos)
    assert found.scores.shape == (3, 3) and found.scores.dtype == np.float32
    assert found.paths == [str(photos / f'{n}.png') for n in range(3)]
    arrays = [cv2.imread(path) for path in found.paths]
    pillow = [Image.open(path) for path in found.paths]
    for images, order in ((arrays, 'bgr'), (pillow, None)):
        again = model.predict(images, order)
        np.testing.assert_array_equal(again.scores, found.scores)
        assert again.paths == [None] * 3 and again.labels == found.labels


def test_thresholds_of_the_folder_decide_on_labels(fitted, photos):
    values = Thresholds(('cat', 'dog', 'emu'), np.array([0.0, 1.0, 0.0]))
    write_thresholds(str(fitted.thresholds), values)
    found = load(str(fitted.path)).predict(photos)
    assert [sorted(x) for x in found.labels] == [['cat', 'emu']] * 3
    assert found.thresholds.tolist() == [0, 1, 0]


def test_the_csv_says_what_the_object_says(model, photos, tmp_path):
    found = model.predict([photos, np.zeros((9, 9), np.uint8)])
    found.to_csv(tmp_path / 'scores.csv')
    with (tmp_path / 'scores.csv').open(newline='') as file:
        head, *lines = csv.reader(file)
    assert head == ['img_path', 'labels', 'cat', 'dog', 'emu']
    assert [line[0] for line in lines] == [*found.paths[:3], '3']
    assert [json.loads(line[1]) for line in lines] == found.labels
    scores = np.float32([line[2:] for line in lines])
    np.testing.assert_array_equal(scores, found.scores)
    with pytest.raises(FileExistsError, match='is there already'):
        found.to_csv(tmp_path / 'scores.csv')
    found.to_csv(tmp_path / 'scores.csv', force=True)


def test_an_image_that_cannot_be_read_is_named(model, photos):
    (photos / '1.png').write_text('no image')
    with pytest.raises(OSError, match=r'1\.png cannot be read as a picture'):
        model.predict(photos)
    found = model.predict(photos, on_error='skip')
    assert len(found) == 2 and list(found.skipped) == [str(photos / '1.png')]


def test_no_image_gives_no_score(model):
    assert model.predict([]).scores.shape == (0, 3)
