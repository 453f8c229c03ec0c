"""The check of a config's data, with the small parts of an original."""

from pathlib import Path

import pytest

from mmwsml.datasets import VOCMultiLabel

ROOT = Path(__file__).parents[2]
CONFIG = '_base_/datasets/voc12-1pos-224px.py'
IMAGES = {f'2008_{n:06}': [n % 20] for n in range(10)}


@pytest.fixture
def check(run_tool, tmp_path, monkeypatch, write_layout, capsys):
    """Write a small VOC 2012, check it; return exit status and output."""
    root = tmp_path / 'VOCdevkit' / 'VOC2012'
    splits = dict(train=IMAGES, val={'2009_000001': [19]})
    write_layout('voc12', root, splits)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))

    def run(*args):
        with pytest.raises(SystemExit) as stop:
            run_tool('check_dataset', ROOT / 'configs' / CONFIG, *args)
        return int(stop.value.code), capsys.readouterr().out

    return run


def table(output):
    """Read the rows `name  number  number ...`."""
    lines = [line.rsplit(None, 3) for line in output.splitlines()]
    return {line[0].strip(): line[1:] for line in lines if len(line) == 4}


def test_fails_where_the_set_is_not_whole(check):
    status, output = check()
    assert status == 1
    rows = table(output)
    assert rows['images'] == ['8', '2', '1']
    assert rows['images of the published set'] == ['4,574', '1,143', '5,823']
    assert rows['faults'] == ['1', '1', '1']
    assert 'train: There are 8 images where the published set' in output


def test_succeeds_where_nothing_is_wrong(check, monkeypatch):
    sizes = {('voc12', 'train'): 10, ('voc12', 'val'): 1}
    monkeypatch.setattr(VOCMultiLabel, 'KNOWN_SIZES', sizes)
    status, output = check('--num-images', '2')
    assert status == 0
    assert table(output)['images opened'] == ['2', '2', '1']
    assert table(output)['faults'] == ['0', '0', '0']


def test_skips_and_counts_what_is_bad_if_told_to(check, monkeypatch, tmp_path):
    sizes = {('voc12', 'train'): 9, ('voc12', 'val'): 1}
    monkeypatch.setattr(VOCMultiLabel, 'KNOWN_SIZES', sizes)
    image = tmp_path / 'VOCdevkit/VOC2012/JPEGImages/2008_000003.jpg'
    image.unlink()
    status, output = check()
    assert status == 1 and table(output)['images'] == ['-', '-', '1']
    status, output = check('--skip-bad')
    assert status == 1 and table(output)['images'] == ['7', '2', '1']
    assert table(output)['faults'] == ['1', '1', '0']
    assert '2008_000003.jpg is missing' in output
