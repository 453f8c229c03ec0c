"""Every tool ends what it refuses in one line."""

import importlib.util
import sys
from pathlib import Path

import pytest

from mmwsml.command_line import run_main

TOOLS = Path(__file__).parents[2] / 'tools'
#: What each tool must refuse: `none.*` is not there, `file` is no folder.
REFUSED = {
    'analysis/analyze_run': 'none',
    'analysis/calibrate': 'none.npz',
    'analysis/clean_up': 'none --out list.csv',
    'analysis/estimate_frequencies': 'none.npz',
    'analysis/export_corrections': 'none',
    'analysis/gradients': 'none',
    'analysis/pointing_game': 'none.py',
    'analysis/sample_for_review': 'none.npz list.csv',
    'analysis/show_predictions': 'none.npz sheets',
    'benchmark': 'none',
    'benchmarks/annotations': 'file --images 1',
    'benchmarks/closed_form': '--features none',
    'benchmarks/closed_form_kinds': 'kinds --features none',
    'benchmarks/closed_form_small': '--data none',
    'benchmarks/cut_set': 'file/out --data none',
    'benchmarks/features': None,  # these measure what they make themselves
    'benchmarks/gpu': None,
    'benchmarks/gpu_training': None,
    'benchmarks/hidden_estimates': 'file',
    'benchmarks/label_memory': None,
    'benchmarks/label_tables': 'file',
    'benchmarks/linear_init': '--config none.py',
    'benchmarks/losses': None,
    'benchmarks/metrics': None,
    'benchmarks/partial_truth': 'file',
    'benchmarks/partial_truth_runs': 'file',
    'benchmarks/recording': None,
    'benchmarks/review_answers': 'none',
    'benchmarks/selection': None,
    'benchmarks/small_set': 'out --data none',
    'benchmarks/synthetic_openimages': 'file --images 1',
    'check_dataset': 'none.py',
    'dataset_converters/coco_subset': 'none.json images out',
    'dataset_converters/convert_labels': 'none.json out.json',
    'dataset_converters/observe_labels': 'none.py --out out.json',
    'dataset_converters/openimages': 'none',
    'export_onnx': 'none.pth',
    'extract_features': 'none.py --out out',
    'extract_weights': 'none.pth out.pth',
    'infer': 'none.jpg --checkpoint none.pth',
    'model_converters/efficientnet_lite0': 'none/out.pth --source none.pth',
    'model_zoo': '--results none.csv --resources x --code-version y',
    'out_of_fold': 'none.py --out out',
    'publish_model': 'none.py none.pth',
    'report': 'none',
    'test': 'none.py none.pth',
    'train': 'none.py',
}


@pytest.fixture
def start(monkeypatch, tmp_path, capsys):
    """Start a tool in this process; return status, stdout and stderr."""
    (tmp_path / 'file').touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(TOOLS / 'benchmarks'))

    def start(tool, *args):
        path = TOOLS / f'{tool}.py'
        spec = importlib.util.spec_from_file_location('a_tool', path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(sys, 'argv', [tool, *args])
        monkeypatch.setenv('LOCAL_RANK', '0')
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            run_main(module.main)
        return end.value.code, *capsys.readouterr()

    return start


def test_every_tool_is_here_and_ends_in_one_place():
    # checks/ is for developers, and must not import what it mutates.
    paths = [p for p in sorted(TOOLS.rglob('*.py')) if 'checks' not in p.parts]
    names = [str(p.relative_to(TOOLS).with_suffix('')) for p in paths]
    assert names == sorted(REFUSED)
    for path in paths:
        text = path.read_text(encoding='utf-8')
        assert text.endswith(
            "if __name__ == '__main__':\n    run_main(main)\n"
        )
        assert "sys.exit(f'" not in text, path


@pytest.mark.parametrize('tool', [t for t in REFUSED if REFUSED[t]])
def test_a_missing_file_is_one_line_and_status_1(start, tool):
    status, _, err = start(tool, *REFUSED[tool].split())
    assert status == 1
    assert err.startswith('error: ') and err.count('\n') == 1


@pytest.mark.parametrize('tool', REFUSED)
def test_a_bad_option_is_status_2(start, tool):
    status, _, err = start(tool, '--no-such-option')
    assert status == 2 and 'usage: ' in err


@pytest.mark.parametrize('tool', ['train', 'test', 'check_dataset'])
def test_an_override_without_a_value_is_status_2(start, tool):
    status, _, err = start(tool, 'a.py', 'b.pth', '--cfg-options', 'x.y')
    assert status == 2 and "must be key=value, but got 'x.y'" in err
