"""The picture of a benchmark."""

import json

import cv2
import numpy as np
import pytest

from mmwsml.benchmark.collect import collect_rows
from mmwsml.benchmark.plot import count_training, plot_curves, plot_rows


@pytest.mark.parametrize('num_rows', [1, 30])
def test_a_picture_grows_with_its_rows(
    num_rows, tmp_path, make_setting, make_result
):
    results = {
        (make_setting(f'm{n}'), seed): make_result(50.0 + n + seed)
        for n in range(num_rows)
        for seed in (0, 1)
    }
    plot_rows(tmp_path / 'plot.png', collect_rows(results))
    image = cv2.imread(str(tmp_path / 'plot.png'))
    assert image.shape[0] == pytest.approx(120 * 0.27 * (num_rows + 3), abs=2)
    assert image.min() < 100 and image.max() == 255


def test_each_data_set_has_its_panels(tmp_path, make_setting, make_result):
    results = {
        (make_setting('an', dataset=dataset), 0): make_result(50.0)
        for dataset in ('digitscenes', 'coco18')
    }
    plot_rows(tmp_path / 'plot.png', collect_rows(results))
    image = cv2.imread(str(tmp_path / 'plot.png'))
    assert image.shape[0] == pytest.approx(120 * 0.27 * 8, abs=2)


@pytest.mark.parametrize('axis, num_panels', [('delta_rel', 1), ('images', 2)])
def test_panels_for_what_is_varied(
    axis, num_panels, tmp_path, make_setting, make_result
):
    def vary(method, value):
        return make_setting(method, value)._replace(axis=axis)

    results = {(vary('ll-r', v), 0): make_result(v) for v in (10.0, 20.0)}
    if axis == 'delta_rel':
        results[make_setting('an'), 0] = make_result(12.0)
    asked = []

    def count(setting):
        asked.append(setting.value)
        return 40 * setting.value, 80 * setting.value

    plot_curves(tmp_path / 'plot.png', collect_rows(results), count)
    image = cv2.imread(str(tmp_path / 'plot.png'))
    assert image.shape[1] == pytest.approx(120 * 5.5 * num_panels, abs=2)
    assert image.min() < 100 and image.max() == 255
    assert sorted(asked) == ([10, 20] if axis == 'images' else [])


@pytest.mark.parametrize(
    'hide, num_labels', [([], 12), (['mmwsml.KeepOnePositive'], 3)]
)
def test_counts_the_labels_that_training_sees(hide, num_labels, tmp_path):
    labels = {'a.png': [0, 1], 'b.png': [2], 'c.png': [1, 3]}
    for name in labels:
        cv2.imwrite(str(tmp_path / name), np.zeros((4, 4, 3), np.uint8))
    infos = [dict(img_path=n, gt_label=known) for n, known in labels.items()]
    content = dict(metainfo=dict(classes=list('abcd')), data_list=infos)
    (tmp_path / 'ann.json').write_text(json.dumps(content))
    dataset = dict(
        type='mmwsml.PartialLabelDataset',
        ann_file='ann.json',
        labels='complete',
        data_root=str(tmp_path),
        pipeline=[dict(type=name) for name in hide],
    )
    config = dict(
        train_dataloader=dict(dataset=dataset),
        model=dict(head=dict(num_classes=4)),
    )
    assert count_training(config) == (3, num_labels)
