"""From a table of positives to a report, with no complete label anywhere."""

import csv
import json

import numpy as np
import pytest

ROOT_CONFIG = """
_base_ = '{base}'
pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
data = dict(
    _delete_=True,
    type='mmwsml.PartialLabelDataset',
    data_root='{root}',
    data_prefix='images',
    labels='partial',
    pipeline=pipeline,
)
train_dataloader = dict(
    num_workers=0, dataset=dict(data, ann_file='{tmp}/train.json')
)
val_dataloader = dict(
    num_workers=0, dataset=dict(data, ann_file='{tmp}/val.json')
)
test_dataloader = val_dataloader
train_cfg = dict(max_epochs=5)
"""


@pytest.fixture
def write_table(digit_scenes, tmp_path):
    """Write four of ten positives of the first scenes, and nothing else."""
    rng = np.random.default_rng(0)

    def write(split, number):
        text = (digit_scenes / 'v1' / f'{split}.json').read_text()
        content = json.loads(text)
        classes = content['metainfo']['classes']
        with (tmp_path / f'{split}.csv').open('w', newline='') as file:
            writer = csv.writer(file)
            writer.writerow(['image', *(f'digit {x}' for x in classes)])
            for info in content['data_list'][:number]:
                shown = [k for k in info['gt_label'] if rng.random() < 0.4]
                cells = [1 if k in shown else '' for k in range(len(classes))]
                writer.writerow([info['img_path'], *cells])

    return write


@pytest.mark.slow
def test_no_complete_label_is_needed(
    run_tool, write_table, config, digit_scenes, tmp_path, capsys
):
    for split, number in (('train', 160), ('val', 120)):
        write_table(split, number)
        run_tool(
            'dataset_converters/convert_labels',
            f'{split}.csv',
            f'{split}.json',
        )
    text = ROOT_CONFIG.format(
        base=config('ll-r-cw'), root=digit_scenes / 'v1', tmp=tmp_path
    )
    (tmp_path / 'mine.py').write_text(text)
    run_tool('train', 'mine.py', '--work-dir', 'run')
    log = capsys.readouterr().out
    assert 'in 120 of 120 images no class is known to be absent' in log
    assert 'Positives of 120 validation images, estimated from scores' in log
    (best,) = (tmp_path / 'run').glob('best_multi-label_pu_AUC_epoch_*.pth')
    run_tool('test', 'mine.py', best, '--split', 'val', '--out', 'run/val.npz')
    run_tool('analysis/calibrate', 'run/val.npz')
    assert 'Estimated, 10 classes of positives' in capsys.readouterr().out
    run_tool('analysis/estimate_frequencies', 'run/val.npz')
    assert 'kappa = ' in capsys.readouterr().out
    run_tool('report', 'run', '--evaluate', 'val')
    (page,) = tmp_path.rglob('*.html')
    text = page.read_text()
    assert 'pu_AUC' in text and 'mAP undefined' in text
