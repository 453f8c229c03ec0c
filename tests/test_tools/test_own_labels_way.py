"""Labels of one's own: converted, split, trained, inferred, answered."""

import csv
import json

import pytest

from mmwsml.datasets import DigitScenes
from mmwsml.label_files.observed_labels_file import load_observed_labels

CONFIG = """
_base_ = ['{base}']
image_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
own = dict(
    _delete_=True,
    type='mmwsml.PartialLabelDataset',
    data_root='',
    data_prefix='{images}',
    pipeline=image_pipeline,
)
train_dataloader = dict(
    num_workers=0, dataset=dict(ann_file='out/train.json', **own)
)
val_dataloader = dict(
    num_workers=0, dataset=dict(ann_file='out/val.json', **own)
)
test_dataloader = dict(
    num_workers=0, dataset=dict(ann_file='out/test.json', **own)
)
train_cfg = dict(max_epochs=2)
default_hooks = dict(record=dict(type='mmwsml.RecordHook', keep='losses'))
"""


def write_records(path, images):
    """Write a list of objects; of every third image nothing is absent."""
    records = [
        dict(
            file=name,
            has=[str(k) for k in range(10) if k in labels],
            lacks=[str(k) for k in range(10) if k not in labels and n % 3],
        )
        for n, (name, labels) in enumerate(images.items())
    ]
    path.write_text(json.dumps(records))


def write_sheet(path, images):
    """Write what Excel saves where a comma is in numbers."""
    lines = [';'.join(['Bild', *map(str, range(10))])]
    for n, (name, labels) in enumerate(images.items()):
        cells = [
            'TRUE' if k in labels else 'FALSE' if n % 3 else ''
            for k in range(10)
        ]
        lines.append(';'.join([name, *cells]))
    path.write_text('\n'.join(['\ufeff' + lines[0], *lines[1:]]))


FORMS = {
    'labels.json': (
        write_records,
        ['--positive-key', 'has', '--negative-key', 'lacks'],
    ),
    'labels.csv': (write_sheet, []),
}


@pytest.fixture
def images(digit_scenes):
    """Return 240 images of DigitScenes and their labels."""
    dataset = DigitScenes('train', data_root=str(digit_scenes), indices=240)
    infos = [dataset.get_data_info(n) for n in range(240)]
    folder = infos[0]['img_path'].rpartition('/')[0]
    return folder, {
        info['img_path'].rpartition('/')[2]: info['gt_label'] for info in infos
    }


@pytest.mark.slow
@pytest.mark.parametrize('form', FORMS)
def test_the_whole_way(form, images, run_tool, config, tmp_path, capsys):
    folder, labels = images
    write, args = FORMS[form]
    write(tmp_path / form, labels)
    args = ('--images', folder, '--split', '0.6,0.2,0.2', *args)
    run_tool('dataset_converters/convert_labels', form, 'out', *args)
    text = CONFIG.format(base=config('an'), images=folder)
    (tmp_path / 'own.py').write_text(text)
    run_tool('train', 'own.py', '--work-dir', 'w')

    run = ('--checkpoint', 'w/epoch_2.pth', '--config', 'own.py')
    args = (*run, '--thresholds', 0.2, '--out', 'scores.csv')
    run_tool_to_end(run_tool, 'infer', f'{folder}/000??.png', *args)
    args = ('--read', 'scores.csv', '--strip-prefix', folder, '--skip-bad')
    args += ('--out', 'seen.jsonl')
    run_tool('dataset_converters/observe_labels', 'own.py', *args)
    seen = load_observed_labels(str(tmp_path / 'seen.jsonl'))
    assert seen.scored and len(next(iter(seen)).positives)

    run_tool('analysis/clean_up', 'w', '--out', 'list.csv', '--num', 9)
    with open(tmp_path / 'list.csv', newline='') as file:
        rows = list(csv.DictReader(file))
    answers = ['TRUE', 'FALSE', *[''] * 7]
    with open(tmp_path / 'filled.csv', 'w', newline='') as file:
        writer = csv.DictWriter(file, rows[0], delimiter=';')
        writer.writeheader()
        for row, answer in zip(rows, answers):
            writer.writerow(dict(row, present=answer))
    capsys.readouterr()
    args = ('--answers', 'filled.csv', '--out', 'out/again.json')
    run_tool('analysis/clean_up', 'w', *args)
    assert '1 labels are now observed as present, 1 as absent' in (
        capsys.readouterr().out
    )
    before, after = (
        json.loads((tmp_path / 'out' / f'{name}.json').read_text())
        for name in ('train', 'again')
    )
    for key in ('gt_label', 'neg_label'):
        known = [
            sum(len(entry[key]) for entry in data['data_list'])
            for data in (before, after)
        ]
        assert known[1] == known[0] + 1


def run_tool_to_end(run_tool, *args):
    """Run a tool that ends with an exit status, which must be 0."""
    with pytest.raises(SystemExit) as end:
        run_tool(*args)
    assert not end.value.code
