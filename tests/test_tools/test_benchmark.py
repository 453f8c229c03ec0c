"""tools/benchmark.py as its users start it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
METHODS = ('--methods', 'full', 'an')


@pytest.mark.slow
@pytest.mark.dist
def test_two_methods_and_seeds_of_the_demo(start_tool, digits, tmp_path):
    options = [*digits, 'train_cfg.max_epochs=1']
    options[0] = 'train_dataloader.dataset.indices=64'
    command = ('benchmark.py', 'demo', *METHODS, '--work-dir', 'w')
    command += ('--seeds', '0', '1')
    status, output = start_tool(*command, options=options)
    assert status == 0, output
    assert '4 runs: 0 done, 4 to go; time: 15 min.' in output
    results = list((tmp_path / 'w').glob('*/seed?/result.json'))
    assert len(results) == 4
    for path in results:
        result, run = json.loads(path.read_text()), path.parent
        assert list(run.glob('best_multi-label_mAP_epoch_1.pth'))
        metrics = json.loads((run / 'best.json').read_text())
        assert result['test'] == metrics['multi-label/mAP']
        assert result['curve'] == {'1': result['last']}
        assert 1 < result['seconds'] < 600
    assert (tmp_path / 'w' / 'demo' / 'plot.png').exists()

    # What the Runner wrote is taken for the config that made it.
    before = {path: path.stat().st_mtime_ns for path in results}
    results[0].unlink()  # as when the benchmark is killed after the test
    status, output = start_tool(*command, options=options)
    assert status == 0, output
    assert '4 runs: 3 done, 1 to go; time: ' in output
    assert len(list((tmp_path / 'w').glob('*/seed?/2*'))) == 4
    assert all(path.stat().st_mtime_ns == before[path] for path in results[1:])
    assert json.loads(results[0].read_text())['seconds'] > 1

    options[-1] = 'train_cfg.max_epochs=2'
    status, output = start_tool(*command, options=options)
    assert status == 1
    assert '`train_cfg.max_epochs` was 1 and now is 2; repeat the' in output


@pytest.fixture
def start_copy(tmp_path):
    """Start the tool beside tools and configs that only pretend."""
    root = tmp_path / 'root'
    (root / 'tools').mkdir(parents=True)
    shutil.copy(ROOT / 'tools' / 'benchmark.py', root / 'tools')
    for tool, text in (('train', TRAIN), ('test', TEST)):
        (root / 'tools' / f'{tool}.py').write_text(text)
    for method in ('full', 'an'):
        name = f'{method}_digitnet_1xb1-adam-2e_digitscenes-1pos.py'
        (root / 'configs' / method).mkdir(parents=True)
        path = root / 'configs' / method / name
        path.write_text('train_cfg = dict(max_epochs=2)\n')

    def start(*args, **env):
        command = [sys.executable, str(root / 'tools' / 'benchmark.py')]
        paths = dict(PYTHONPATH=str(ROOT), OMP_NUM_THREADS='1')
        done = subprocess.run(
            [*command, 'demo', *METHODS, *args],
            cwd=tmp_path,
            env={**os.environ, **paths, **env},
            capture_output=True,
            text=True,
            start_new_session=True,  # or a kill would reach these tests
        )
        calls = (tmp_path / 'calls').read_text().splitlines()
        (tmp_path / 'calls').write_text('')
        return done.returncode, calls, done.stdout + done.stderr

    return start


TRAIN = """
import json, os, signal, sys, zipfile
from pathlib import Path

args = sys.argv[1:]
config, work = Path(args[0]), Path(args[args.index('--work-dir') + 1])
seed, begin = int(args[-1].split('=')[1]), 1 + ('--resume' in args)
text = config.read_text() + f'randomness = dict(seed={seed})\\n'
(work / config.name).write_text(text)
name = f'{config.parent.name} {seed}'
with open('calls', 'a') as calls:
    print(name, begin, file=calls)
logs = work / f'log{begin}' / 'vis_data'
logs.mkdir(parents=True, exist_ok=True)
for epoch in range(begin, 3):
    with zipfile.ZipFile(work / f'epoch_{epoch}.pth', 'w'):
        pass
    with (logs / 'scalars.json').open('a') as file:
        line = {'multi-label/mAP': 50.0 - epoch, 'step': epoch}
        print(json.dumps(line), file=file)
    (work / 'best_multi-label_mAP_epoch_1.pth').touch()
    if os.environ.get('FAKE_KILL') == name:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    if os.environ.get('FAKE_STOP') == name:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
"""
TEST = """
import json, sys
from pathlib import Path

out = Path(sys.argv[sys.argv.index('--out') + 1])
out.write_text(json.dumps({'multi-label/mAP': 60.0}))
"""


@pytest.mark.slow
@pytest.mark.dist
def test_killed_half_way_it_finishes_the_rest_only(start_copy):
    status, calls, _ = start_copy('--seeds', '0', '1', FAKE_KILL='full 1')
    assert status == -signal.SIGKILL
    assert calls == ['full 0 1', 'an 0 1', 'full 1 1']
    status, calls, output = start_copy('--seeds', '0', '1')
    assert status == 0, output
    assert calls == ['full 1 2', 'an 1 1']
    assert '4 runs: 2 done, 2 to go' in output
    assert '| full | 1pos | 0, 1 | 60.0 ± 0.0 |' in output


@pytest.mark.slow
@pytest.mark.dist
def test_stopped_it_ends_what_it_has_started(start_copy, tmp_path):
    status, calls, output = start_copy('--seeds', '0', FAKE_STOP='full 0')
    assert status == 128 + signal.SIGTERM and calls == ['full 0 1']
    assert 'full seed 0 (digitscenes): was stopped' in output
    assert not list(tmp_path.rglob('failed.json'))
    status, calls, output = start_copy('--seeds', '0')
    assert status == 0 and calls == ['full 0 2', 'an 0 1'], output


@pytest.mark.parametrize(
    'args, message',
    [
        (['dmo'], 'must be one of demo, demo-all, features-all, '),
        (['demo', '--methods', 'x'], 'one of full, an, ll-r, ll-ct, ll-cp in'),
        (['demo', '--seeds', '-1'], "an integer from 0, but got '-1'"),
    ],
)
def test_a_bad_command_is_refused(args, message, run_tool, monkeypatch):
    monkeypatch.setattr(signal, 'signal', lambda *_: None)
    with pytest.raises(ValueError, match=message):
        run_tool('benchmark', *args)


def test_slurm_needs_a_partition(run_tool, capsys):
    with pytest.raises(SystemExit, match='2'):
        run_tool('benchmark', 'demo', '--launcher', 'slurm')
    assert 'and --partition go together' in capsys.readouterr().err


def test_the_list_names_each_run(run_tool, monkeypatch, capsys):
    monkeypatch.setattr(signal, 'signal', lambda *_: None)
    with pytest.raises(SystemExit) as end:
        run_tool('benchmark', 'demo', '--list', '--methods', 'an')
    lines = capsys.readouterr().out.splitlines()
    assert not end.value.code and [line.split()[0] for line in lines] == (
        ['new'] * 3
    )
    assert lines[2].endswith(
        'an_digitnet_1xb16-adam-15e_digitscenes-1pos/seed2'
    )
