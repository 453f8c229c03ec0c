"""tools/dataset_converters/openimages.py and what measures its results."""

import importlib.util
import json
from pathlib import Path

import pytest

from mmwsml.datasets import OpenImages

ROOT = Path(__file__).parents[2]
TOOL = 'dataset_converters/openimages'


@pytest.fixture
def write_synthetic():
    """Import the generator of the benchmark."""
    path = ROOT / 'tools' / 'benchmarks' / 'synthetic_openimages.py'
    spec = importlib.util.spec_from_file_location('synthetic', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.write_synthetic


def test_builds_synthetic_splits_and_says_what_it_found(
    write_synthetic, run_tool, tmp_path, capsys
):
    for split in ('train', 'test'):
        write_synthetic(str(tmp_path), 200, split=split)
    run_tool(TOOL, tmp_path, '--split', 'train', 'test')
    output = capsys.readouterr().out
    for split in ('train', 'test'):
        dataset = OpenImages(split, data_root=str(tmp_path))
        folder = tmp_path / 'arrays_v1' / split
        report = json.loads((folder / 'report.json').read_text())
        assert len(dataset) == report['images'] > 190
        labels = report['known positives'] + report['known negatives']
        assert 7 < labels / len(dataset) < 9
        assert f'{report["known positives"]} known positives' in output


def test_the_same_seed_writes_the_same_files(write_synthetic, tmp_path):
    for name in 'ab':
        write_synthetic(str(tmp_path / name), 50)
    for path in (tmp_path / 'a').rglob('*.*'):
        other = tmp_path / 'b' / path.relative_to(tmp_path / 'a')
        assert other.read_bytes() == path.read_bytes()


def test_its_options_reach_the_package(write_synthetic, run_tool, tmp_path):
    write_synthetic(str(tmp_path), 20)
    args = TOOL, tmp_path, '--split', 'train', '--check-images'
    with pytest.raises(ValueError, match=r'pictures/\w+\.jpg is missing'):
        run_tool(*args, '--image-path', 'pictures/{id}.jpg')
    path = tmp_path / 'train' / 'annotations-human.csv'
    path.write_text(f'{path.read_text()}cut off')
    with pytest.raises(ValueError, match='must have the columns'):
        run_tool(*args[:-1])
    with (tmp_path / 'train' / 'images.csv').open('a') as images:
        images.write('ffffffffffffffff,train\n')
    run_tool(*args[:-1], '--skip-bad', '--keep-unlabelled')
    dataset = OpenImages('train', data_root=str(tmp_path))
    assert dataset.get_data_info(-1)['gt_label'] == []


@pytest.mark.slow
@pytest.mark.dist
def test_the_benchmark_measures(start_tool, tmp_path):
    args = tmp_path, '--images', '400', '--listed', '300'
    code, output = start_tool('benchmarks/annotations.py', *args)
    assert code == 0, output
    assert '| OpenImages: images | 400 |' in output
    assert 'a worker of four' in output and 'BaseDataset of 300' in output
