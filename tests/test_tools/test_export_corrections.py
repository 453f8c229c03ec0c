"""Train LL-Cp, export what it corrected, and train on that."""

import contextlib
import csv
import json
import math

import pytest

from mmwsml.analysis.export import export_corrections


@pytest.fixture
def run(run_tool, config, digits, tmp_path):
    """Train LL-Cp for one epoch that corrects; return the work dir."""
    options = [*digits, 'train_cfg.max_epochs=1', 'custom_hooks.0.begin=1']
    run_tool('train', config('ll-cp'), '--work-dir', 'w', options=options)
    return tmp_path / 'w'


def read(run, out='corrections'):
    """Return the annotations and the lines of the table."""
    with open(run / out / 'corrections.csv', newline='') as file:
        table = list(csv.DictReader(file))
    text = (run / out / 'annotations.json').read_text()
    return json.loads(text), table


def test_corrected_labels_train_as_they_are(run, run_tool, config, digits):
    run_tool('analysis/export_corrections', run)
    annotations, table = read(run)
    labels = [info['gt_label'] for info in annotations['data_list']]
    assert sum(map(len, labels)) == 128 + len(table) == 128 + 16
    assert {line['right'] for line in table} <= {'yes', 'no'}
    losses = [float(line['loss']) for line in table]
    assert losses == sorted(losses)
    root = next(o for o in digits if 'train_dataloader.dataset.data_root' in o)
    (run.parent / 'again.py').write_text(
        f'_base_ = {str(config("an"))!r}\n'
        'train_dataloader = dict(dataset=dict(_delete_=True, '
        "type='mmwsml.PartialLabelDataset', "
        f'ann_file={str(run / "corrections" / "annotations.json")!r}, '
        f'data_root={root.partition("=")[2] + "/v1"!r}, '
        "data_prefix='images', pipeline={{_base_.image_pipeline}}))\n"
    )
    others = [o for o in digits if not o.startswith('train_dataloader.data')]
    options = [*others, 'train_cfg.max_epochs=1']
    run_tool('train', 'again.py', '--work-dir', 'again', options=options)
    log = next((run.parent / 'again').glob('*/*.log')).read_text()
    assert 'Annotated positives: \t144' in log


def test_refused_corrections_become_negatives(run):
    export_corrections(str(run))
    table = read(run)[1]
    kept = run / 'corrections' / 'corrections.csv'
    kept.write_text('mine')  # someone has taken the right ones out
    with contextlib.suppress(FileExistsError):
        export_corrections(str(run))
    assert kept.read_text() == 'mine'
    (run / 'refused.csv').write_text(
        f'sample_id,class\n{table[0]["sample_id"]},{table[0]["class"]}\n'
    )
    keep_out = str(run / 'refused.csv')
    export_corrections(
        str(run),
        out=str(run / 'cleaned'),
        keep_out=keep_out,
        refused_are_negative=True,
    )
    data_list = read(run, 'cleaned')[0]['data_list']
    assert sum(len(info['gt_label']) for info in data_list) == 128 + 15
    assert sum(len(info['neg_label']) for info in data_list) == 1


def test_what_passes_over_the_training_set_corrected_is_exported(
    run_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=1']
    for option in ('begin=1', 'threshold=0.45'):
        options.append(f'model.head.label_store.{option}')
    run_tool('train', config('mime'), '--work-dir', 'w', options=options)
    export_corrections(str(tmp_path / 'w'))
    annotations, table = read(tmp_path / 'w')
    labels = [info['gt_label'] for info in annotations['data_list']]
    assert sum(map(len, labels)) == 128 + len(table) > 128
    least = math.log1p(0.45 / 0.55)  # of a score of 0.45, as a negative
    assert all(float(line['loss']) > 0.999 * least for line in table)
    assert {line['epoch'] for line in table} == {'1'}


def test_soft_labels_are_no_corrections(run_tool, config, digits, tmp_path):
    options = [*digits, 'train_cfg.max_epochs=2']
    options.append('model.head.label_store.begin=1')
    run_tool('train', config('em-apl'), '--work-dir', 'w', options=options)
    with pytest.raises(ValueError, match=r'_2\.pth holds no label memory: '):
        export_corrections(str(tmp_path / 'w'))


def test_a_run_that_corrects_nothing_for_good_is_refused(
    run_tool, config, digits
):
    options = [*digits, 'train_cfg.max_epochs=1']
    run_tool('train', config('an'), '--work-dir', 'w', options=options)
    with pytest.raises(ValueError, match=r'_1\.pth holds no label mem'):
        run_tool('analysis/export_corrections', 'w')


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='holds 0 configs, but a run'):
        export_corrections(str(tmp_path))
    text = 'train_dataloader = dict(dataset=dict())'
    (tmp_path / 'config.py').write_text(text)
    with pytest.raises(FileNotFoundError, match='has no checkpoint yet: wait'):
        export_corrections(str(tmp_path))
