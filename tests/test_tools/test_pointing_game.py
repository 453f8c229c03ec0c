import os
from pathlib import Path

import pytest

DATA = os.environ.get('MMWSML_DATA')


def read_log(folder):
    [log] = folder.rglob('*.log')
    return log.read_text()


def test_random_weights_find_boxes_about_as_often_as_chance(
    run_tool, digits, config, tmp_path
):
    run_tool(
        *('analysis/pointing_game', config('full'), '--work-dir', 'run'),
        *('--tolerance', '2', '--show-dir', 'show'),
        options=digits,
    )
    log = read_log(tmp_path / 'run')
    [line] = [line for line in log.splitlines() if 'hit_rate:' in line]
    numbers = dict(zip(line.split()[:-1], line.split()[1:]))
    hit_rate = float(numbers['pointing-game/hit_rate:'])
    box_share = float(numbers['pointing-game/box_share:'])
    assert 5 < box_share < 15 and hit_rate < 5 * box_share
    num_maps = int(float(numbers['pointing-game/num_maps:']))
    assert len(list((tmp_path / 'show').glob('*.png'))) == num_maps > 64


PIPELINE = """
_base_ = ['{configs}/_base_/models/mobilenet-v2.py',
          '{configs}/_base_/default_runtime.py']
model = dict(backbone=dict(init_cfg=None), head=dict(num_classes={classes}))
data_preprocessor = dict(mean=[120.0] * 3, std=[60.0] * 3)
pipeline = [dict(type='mmwsml.LoadImage'),
            dict(type='Resize', scale=(64, 64)),
            dict(type='mmwsml.PackPartialLabels')]
test_dataloader = dict(batch_size=8, num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict({dataset}, pipeline=pipeline))
test_cfg = dict()
test_evaluator = dict(type='mmwsml.MeanAveragePrecision')
"""


@pytest.mark.realdata
@pytest.mark.skipif(not DATA, reason='photographs: set MMWSML_DATA')
@pytest.mark.parametrize(
    ('classes', 'dataset'),
    [
        (
            80,
            "type='mmwsml.COCOMultiLabel', data_root='{data}/coco_mini', "
            "ann_file='annotations/instances_val2017.json', "
            "data_prefix='val2017', indices=20",
        ),
        (
            20,
            "type='mmwsml.VOCMultiLabel', split='test', indices=20, "
            "data_root='{data}/coco_in_voc_layout/VOC2007'",
        ),
    ],
)
def test_plays_on_photographs_with_the_boxes_of_coco_and_voc(
    run_tool, tmp_path, classes, dataset
):
    configs = Path(__file__).parents[2] / 'configs'
    path = tmp_path / 'photos.py'
    dataset = dataset.format(data=DATA)
    path.write_text(
        PIPELINE.format(configs=configs, classes=classes, dataset=dataset)
    )
    run_tool('analysis/pointing_game', path, '--work-dir', 'run')
    assert 'pointing-game/hit_rate' in read_log(tmp_path / 'run')
