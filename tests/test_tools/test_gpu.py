"""What waits for a GPU runs on a CPU, in miniature."""

import importlib.util
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / 'tools' / 'benchmarks'


@pytest.fixture
def gpu(monkeypatch):
    """Load the benchmark."""
    monkeypatch.syspath_prepend(str(TOOLS))
    monkeypatch.setenv('MMWSML_DATA', 'none')  # which it sets itself
    spec = importlib.util.spec_from_file_location('gpu', TOOLS / 'gpu.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_part_is_measured(gpu, monkeypatch, capsys):
    options = ['--device', 'cpu', '--quick']
    monkeypatch.setattr(sys, 'argv', ['gpu.py', *options])
    gpu.main()
    text = capsys.readouterr().out
    assert 'Selections equal to those of the CPU: 10 of 10.' in text
    rows = [line for line in text.splitlines() if line.startswith('| ')]
    first = {row.split(' | ')[0][2:] for row in rows}
    assert {'LargeLossRejection', 'float32', 'bfloat16', 'full'} <= first
    assert {'LDA', 'multinomial LDA'} <= first
    assert 'nan' not in text and '| no |' not in text


def test_without_a_gpu_it_says_so(gpu, monkeypatch):
    monkeypatch.setattr('torch.cuda.is_available', lambda: False)
    monkeypatch.setattr(sys, 'argv', ['gpu.py'])
    with pytest.raises(ValueError, match='There is no GPU here: add'):
        gpu.main()
