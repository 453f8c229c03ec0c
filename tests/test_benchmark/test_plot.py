"""The picture of a benchmark."""

import cv2
import pytest

from mmwsml.benchmark.collect import collect_rows
from mmwsml.benchmark.plot import plot_rows


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
