"""Tools and configs that look like ours and end at once."""

import pytest

from mmwsml.benchmark.config_names import Leaf
from mmwsml.benchmark.plan import plan
from mmwsml.benchmark.settings import Setting

TRAIN = """
import json, os, signal, sys, zipfile
from pathlib import Path

args = sys.argv[1:]
config, work = Path(args[0]), Path(args[args.index('--work-dir') + 1])
options = dict(o.split('=') for o in args[args.index('--cfg-options') + 1 :])
seed, begin = int(options['randomness.seed']), 1
if '--resume' in args:
    name = Path(args[args.index('--resume') + 1]).stem
    begin = int(name.split('_')[1]) + 1
plan = config.with_suffix(f'.{seed}')  # what shall go wrong
what = plan.read_text() if plan.exists() else ''
plan.unlink(missing_ok=True)
text = config.read_text() + f'randomness = dict(seed={seed})\\n'
(work / config.name).write_text(text)
gpu = os.environ.get('CUDA_VISIBLE_DEVICES')
with (config.parents[1] / 'calls').open('a') as calls:
    print('train', config.parent.name, seed, begin, gpu, file=calls)
if what == 'error':
    sys.exit('torch.OutOfMemoryError: CUDA out of memory.')
logs = work / f'2026_{begin}' / 'vis_data'
logs.mkdir(parents=True, exist_ok=True)
for epoch in range(begin, 4):
    with zipfile.ZipFile(work / f'epoch_{epoch}.pth', 'w'):
        pass
    if what == 'unvalidated' and epoch == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    value = {1: 40.0, 2: 50.0, 3: 45.0}[epoch] + seed
    lines = [
        {'loss': 0.5, 'time': 0.1 * epoch, 'step': 9 * epoch},
        {'multi-label/mAP': value, 'time': 7, 'step': epoch},
    ]
    with (logs / 'scalars.json').open('a') as file:
        file.writelines(json.dumps(line) + '\\n' for line in lines)
    if epoch < 3:
        for old in work.glob('best_*.pth'):
            old.unlink()
        (work / f'best_multi-label_mAP_epoch_{epoch}.pth').touch()
    if what == 'kill' and epoch == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if what == 'power cut' and epoch == 1:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    if what == 'stop' and epoch == 1:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
"""
TEST = """
import json, sys
from pathlib import Path

args = sys.argv[1:]
config, seed = Path(args[0]), int(args[-1].split('=')[1])
assert args[1].endswith('best_multi-label_mAP_epoch_2.pth')
with (config.parents[1] / 'calls').open('a') as calls:
    print('test', config.parent.name, seed, file=calls)
plan = config.with_suffix('.test')
what = plan.read_text() if plan.exists() else ''
value = {'an': 60.0, 'full': 90.0}.get(config.parent.name, 75.0) + seed
metrics = {'multi-label/mAP': float('nan') if what == 'nan' else value}
Path(args[args.index('--out') + 1]).write_text(json.dumps(metrics))
"""
HOOK = "dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1)"


@pytest.fixture
def fake_root(tmp_path):
    """Make the configs of `demo` and tools that only pretend to train."""
    root = tmp_path / 'root'
    for method in ('full', 'an', 'll-r', 'll-ct', 'll-cp'):
        labels = 'full' if method == 'full' else '1pos'
        name = f'{method}_digitnet_1xb16-adam-3e_digitscenes-{labels}.py'
        path = root / 'configs' / method / name
        path.parent.mkdir(parents=True)
        hooks = f'[{HOOK}]' if method.startswith('ll-') else '[]'
        lines = ['train_cfg = dict(max_epochs=3)', f'custom_hooks = {hooks}']
        lines.append('train_dataloader = dict(batch_size=16)')
        path.write_text('\n'.join(lines) + '\n')
    (root / 'tools').mkdir()
    (root / 'tools' / 'train.py').write_text(TRAIN)
    (root / 'tools' / 'test.py').write_text(TEST)
    (root / 'configs' / 'calls').touch()
    return root


@pytest.fixture
def find_config(fake_root):
    """Return a function that finds the fake config of a method."""
    return lambda name: next((fake_root / 'configs' / name).glob('*.py'))


@pytest.fixture
def calls(fake_root):
    """Return a function that lists what the fake tools were asked to do."""

    def read():
        path = fake_root / 'configs' / 'calls'
        lines = path.read_text().splitlines()
        path.write_text('')
        return lines

    return read


@pytest.fixture
def plan_fake(fake_root, tmp_path):
    """Plan a benchmark of the fakes."""

    def make(
        methods=None,
        seeds=('0',),
        options=(),
        preset='demo',
        datasets=None,
        given=(),
    ):
        work_dir = tmp_path / 'work'
        rest = methods, datasets, seeds, options, given
        return plan(fake_root, preset, work_dir, *rest)

    return make


@pytest.fixture
def make_setting(tmp_path):
    """Return a function that makes settings without a file."""

    def make(method, value=None, backbone='digitnet', dataset='digitscenes'):
        labels = 'full' if method == 'full' else '1pos'
        size = '-448px' * (backbone == 'resnet50')
        name = f'{method}_{backbone}_1xb16-adam-3e_{dataset}-{labels}{size}'
        path = tmp_path / f'{name}.py'
        leaf = Leaf(path, method, backbone, dataset, labels, False)
        if value is None:
            return Setting(leaf)
        return Setting(leaf, 'delta_rel', value, (f'd={value}',))

    return make


@pytest.fixture
def make_result():
    """Return a function that makes the content of a result.json."""

    def make(test, best=50.0, last=45.0, best_step=2, seconds=60.0):
        return dict(
            test=test,
            best=best,
            last=last,
            best_step=best_step,
            seconds=seconds,
        )

    return make
