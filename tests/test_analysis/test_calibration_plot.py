import cv2
import numpy as np

from mmwsml.analysis import calibration_plot
from mmwsml.analysis.calibration_plot import plot_reliability
from mmwsml.evaluation import reliability


def test_a_split_takes_a_column(random_predictions, tmp_path):
    total = reliability(*random_predictions()[:3]).total()
    sizes = []
    for splits in (['val'], ['val', 'test']):
        path = tmp_path / f'{len(splits)}.png'
        plot_reliability(path, dict.fromkeys(splits, total))
        sizes.append(cv2.imread(str(path)).shape[:2])
    assert sizes[0][0] == sizes[1][0] and 2 * sizes[0][1] == sizes[1][1]


def draw(scores, target):
    axes = calibration_plot.Figure().subplots()
    scores = np.array(scores, np.float32)[:, None]
    target = np.array(target, bool)[:, None]
    calibration_plot._draw_diagram(axes, reliability(scores, target, None, 4))
    positives, high, low = axes.containers
    return [
        [bar.get_bbox() for bar in bars] for bars in (positives, high, low)
    ]


def test_bars_end_at_the_share_of_positives_and_gaps_at_the_mean_score():
    positives, high, low = draw([0.25, 0.375, 0.875, 0.875], [0, 1, 0, 1])
    assert [(box.x0, box.y1) for box in positives] == [
        (0.25, 0.5),
        (0.75, 0.5),
    ]
    assert (high[1].y0, high[1].y1) == (0.5, 0.875) and high[0].height == 0
    assert (low[0].y0, low[0].y1) == (0.3125, 0.5) and low[1].height == 0


def test_the_histograms_of_all_splits_stay_in_their_axes(
    random_predictions, tmp_path, monkeypatch
):
    figures = []

    class Kept(calibration_plot.Figure):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            figures.append(self)

    monkeypatch.setattr(calibration_plot, 'Figure', Kept)
    few = reliability(*random_predictions()[:3]).total()
    many = few._replace(num_entries=few.num_entries * 1000)
    plot_reliability(tmp_path / 'a.png', dict(val=few, test=many))
    (figure,) = figures
    for panel in figure.axes[2:]:
        assert panel.get_ylim()[0] == 0
        assert panel.get_ylim()[1] >= many.num_entries.max()
