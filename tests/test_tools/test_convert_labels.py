"""tools/dataset_converters/convert_labels.py and coco_subset.py."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmwsml.datasets import PartialLabelDataset

TOOL = 'dataset_converters/convert_labels'
LABELS = 'image,cat,dog,horse\n1.jpg,1,,0\n2.jpg,,,\n'


@pytest.fixture
def write(tmp_path):
    """Write a CSV."""

    def write(text=LABELS, name='mine.csv'):
        (tmp_path / name).write_text(text)
        return name

    return write


def test_writes_annotations_and_says_what_is_known(
    write, run_tool, tmp_path, capsys
):
    run_tool(TOOL, write(), 'train.json', '--positives-per-image', '1.5')
    data = json.loads((tmp_path / 'train.json').read_text())
    assert data['data_list'] == [
        dict(img_path='1.jpg', gt_label=[0], neg_label=[2]),
        dict(img_path='2.jpg', gt_label=[], neg_label=[]),
    ]
    lines = capsys.readouterr().out.splitlines()
    for line in (
        'train.json: partial labels',
        'Known positives: 1 (0.50 an image)',
        'Known labels: 33.33 %',
        'Images without a positive: 1',
        'Classes without a positive: 2 (dog, horse)',
        'Bad entries: 0',
        'Hidden positives expected in a batch of 16: 16.0',
    ):
        assert line in lines


def test_learns_from_complete_labels_how_many_to_expect(
    write, run_tool, capsys
):
    val = write('image,horse,dog,cat\n8.jpg,1,1,1\n9.jpg,1,0,0\n', 'val.csv')
    args = ('--complete', val, '--batch-size', 8)
    run_tool(TOOL, write(), 'train.json', *args)
    expected = 'Hidden positives expected in a batch of 8: 12.0'
    assert expected in capsys.readouterr().out


def test_complete_labels_need_no_advice(write, run_tool, capsys, tmp_path):
    val = write('image,cat\n8.jpg,1\n9.jpg,0\n')
    run_tool(TOOL, val, 'val.json', '--labels', 'complete')
    assert 'delta_rel' not in capsys.readouterr().out
    data = json.loads((tmp_path / 'val.json').read_text())
    assert data['data_list'][1] == dict(img_path='9.jpg', gt_label=[])


def test_counts_what_it_leaves_out(write, run_tool, capsys, tmp_path):
    (tmp_path / '1.jpg').touch()
    more = ''.join(f'{n}.jpg,1,,\n' for n in range(20, 40))
    text = f'{LABELS}3.jpg,2,,\n{more}'
    args = ('train.json', '--images', '.')
    with pytest.raises(ValueError, match=r"there is no image '2\.jpg'"):
        run_tool(TOOL, write(), *args)
    run_tool(TOOL, write(text), *args, '--skip-bad')
    assert 'Bad entries: 22' in capsys.readouterr().out
    data = json.loads((tmp_path / 'train.json').read_text())
    assert len(data['data_list']) == 1


@pytest.mark.realdata
@pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
def test_a_data_set_reads_what_was_cut_out_of_coco(run_tool, tmp_path):
    mini = Path(os.environ['MMWSML_DATA']) / 'coco_mini'
    run_tool(
        'dataset_converters/coco_subset',
        mini / 'annotations/instances_train2017.json',
        mini / 'train2017',
        'cut',
    )
    for split in ('train', 'val', 'test'):
        dataset = PartialLabelDataset(
            f'{split}.json',
            labels='complete',
            data_root=str(tmp_path / 'cut'),
            data_prefix='images',
        )
        assert len(dataset.metainfo['classes']) == 18
        assert all(
            len(dataset.get_cat_ids(n)) >= 2 for n in range(len(dataset))
        )


def test_numbers_are_of_the_names_of_their_file(run_tool, write, tmp_path):
    metainfo = dict(classes=['cat', 'dog'])
    images = [dict(img_path=f'{n}.jpg', gt_label=[n]) for n in range(2)]
    write(json.dumps(dict(metainfo=metainfo, data_list=images)), 'in.json')
    write('dog\ncat\n', 'classes.txt')
    args = ('--classes', 'classes.txt', '--rest', 'unknown')
    run_tool(TOOL, 'in.json', 'out.json', *args)
    data_list = json.loads((tmp_path / 'out.json').read_text())['data_list']
    assert [image['gt_label'] for image in data_list] == [[1], [0]]


@pytest.mark.parametrize('force', [(), ('--force',)])
def test_a_source_is_not_overwritten(write, run_tool, tmp_path, force):
    with contextlib.suppress(FileExistsError, SystemExit):
        run_tool(TOOL, write(), 'mine.csv', *force)
    assert (tmp_path / 'mine.csv').read_text() == LABELS


def test_a_file_that_is_there_is_replaced_by_force(write, run_tool, tmp_path):
    write('{"mine": 1}', 'train.json')
    with contextlib.suppress(FileExistsError, SystemExit):
        run_tool(TOOL, write(), 'train.json')
    assert (tmp_path / 'train.json').read_text() == '{"mine": 1}'
    run_tool(TOOL, write(), 'train.json', '--force')
    assert 'data_list' in (tmp_path / 'train.json').read_text()


def test_says_what_else_was_left_out(write, run_tool, capsys, tmp_path):
    for name in range(12):
        write('<other/>', f'{name}.xml')
    objects = '<object><name>cat</name></object>'
    write(f'<annotation>{objects}</annotation>', 'a.xml')
    run_tool(TOOL, '.', 'train.json', '--rest', 'absent')
    lines = capsys.readouterr().out.splitlines()
    assert sum('is no annotation of VOC' in line for line in lines) == 10
    more = 'and 2 more lines of the report: train.report.txt'
    assert more in lines and 'Bad entries: 0' in lines
    text = (tmp_path / 'train.report.txt').read_text()
    assert text.count('is no annotation of VOC') == 12


@pytest.mark.dist
def test_a_name_that_the_locale_cannot_show(tmp_path):
    names, infos = ['H\u00fcndin'], [dict(img_path='a.jpg', gt_label=[0])]
    content = dict(metainfo=dict(classes=names), data_list=infos)
    (tmp_path / 'in.json').write_text(json.dumps(content))
    tool = Path(__file__).parents[2] / 'tools' / f'{TOOL}.py'
    env = dict(os.environ, LC_ALL='C', PYTHONUTF8='0')
    done = subprocess.run(
        [
            sys.executable,
            tool,
            'in.json',
            'H\u00fc.json',
            '--rest',
            'unknown',
        ],
        cwd=tmp_path,
        env=dict(env, PYTHONIOENCODING='ascii'),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert rb'H\udcc3\udcbc.json: partial' in done.stdout
    found = json.loads((tmp_path / 'H\u00fc.json').read_text('utf-8'))
    assert found['metainfo']['classes'] == names


SPLIT = 'image,patient,cat,dog\n' + ''.join(
    f'{n}.jpg,p{n // 2},{n % 3 % 2},{n % 7 // 6 or ""}\n' for n in range(60)
)


def test_writes_the_parts_of_a_split_at_once(
    write, run_tool, tmp_path, capsys
):
    args = (write(SPLIT), 'out', '--split', '0.6,0.2,0.2')
    run_tool(TOOL, *args, '--group', 'patient', '--seed', 3)
    files = sorted(path.name for path in (tmp_path / 'out').iterdir())
    assert files == ['test.json', 'train.json', 'val.json']
    parts = {
        name: json.loads((tmp_path / 'out' / name).read_text())
        for name in files
    }
    patients = []
    for part in parts.values():
        assert part['metainfo'] == dict(classes=['cat', 'dog'])
        names = [entry['img_path'] for entry in part['data_list']]
        patients.append({int(name[:-4]) // 2 for name in names})
    assert sum(map(len, patients)) == 30
    lines = capsys.readouterr().out.splitlines()
    assert 'Images: 60' in lines
    assert sum(line.startswith('out/') for line in lines) == 3
    with pytest.raises((FileExistsError, SystemExit)):
        run_tool(TOOL, *args)
    with pytest.raises((ValueError, SystemExit)):
        run_tool(TOOL, *args[:3], '0.6,0.2')


def test_a_group_without_a_split_is_refused(write, run_tool, capsys):
    with pytest.raises(SystemExit):
        run_tool(TOOL, write(SPLIT), 'out.json', '--group', 'patient')
    assert '--group is for --split' in capsys.readouterr().err
