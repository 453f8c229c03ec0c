"""Small trainings, and what must be left of them."""

import json
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict

import torch

from mmwsml.datasets.digit_scenes import make_digit_scenes
from mmwsml.records.run_log import iter_scalars

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / 'configs'
BASE = '_digitnet_1xb16-adam-15e_digitscenes-1pos.py'
#: Two epochs of two steps, each validated; one checkpoint is kept.
SMALL = """
for_all = dict(_delete_=True, type='mmwsml.PartialLabelDataset',
    data_root={data!r}, data_prefix='images', labels='complete')
train_dataloader = dict(num_workers=0, dataset=dict(
    for_all, ann_file='train.json', pipeline=_base_.train_pipeline))
val_dataloader = dict(num_workers=0, dataset=dict(
    for_all, ann_file='val.json', pipeline=_base_.image_pipeline))
train_cfg = dict(max_epochs=2)
default_hooks = dict(
    logger=dict(interval=1),
    checkpoint=dict(max_keep_ckpts=1),
    record=dict(type='mmwsml.RecordHook', keep='losses'),
)
"""
LL_CP = "type='mmwsml.LargeLossScheduleHook', delta_rel=1, begin=1,"
LL_CP += " schedule='constant'"
#: Case -> its config, and what it changes in it.
CASES = {
    'll-cp': (f'll-cp/ll-cp{BASE}', f'custom_hooks = [dict({LL_CP})]\n'),
    'class-wise': (
        f'll-cp-cw/ll-cp-cw{BASE}',
        'custom_hooks = [\n'
        "    dict(type='mmwsml.ClassWiseScheduleHook', begin=1, ramp=2)\n"
        ']\n',
    ),
    # Without records, which need not be of whole epochs here.
    'iterations': (
        f'll-cp/ll-cp{BASE}',
        'custom_hooks = [\n'
        f'    dict({LL_CP}, by_epoch=False, iters_per_epoch=2)\n'
        ']\n'
        "train_cfg = dict(_delete_=True, type='mmwsml.ResumableIterLoop',\n"
        '                 max_iters=4, val_interval=2)\n'
        "sampler = dict(_delete_=True, type='mmwsml.EndlessSampler')\n"
        'train_dataloader.update(sampler=sampler)\n'
        'param_scheduler = []\n'
        "default_hooks.pop('record')\n"
        "default_hooks['checkpoint'].update(by_epoch=False, interval=2)\n"
        'log_processor = dict(by_epoch=False)\n',
    ),
}


def make_data(folder: Path) -> Path:
    """Take the first scenes of DigitScenes, 32 to train on and 24 for more."""
    source = make_digit_scenes(str(folder))
    for split, size in (('train', 32), ('val', 24)):
        content = json.loads((source / f'{split}.json').read_text())
        content['data_list'] = content['data_list'][:size]
        (source / 'few').mkdir(exist_ok=True)
        (source / 'few' / f'{split}.json').write_text(json.dumps(content))
    if not (source / 'few' / 'images').exists():
        (source / 'few' / 'images').symlink_to(source / 'images')
    return source / 'few'


def write_config(case: str, folder: Path, data: Path) -> Path:
    """Write the config of a case."""
    base, changes = CASES[case]
    path = folder / f'{case}.py'
    small = SMALL.format(data=str(data))
    path.write_text(f'_base_ = {str(CONFIGS / base)!r}\n{small}{changes}')
    return path


def train(
    main: Callable[[], None], config: Path, work_dir: Path
) -> Callable[[], None]:
    """Return what trains, or goes on, as tools/train.py does.

    Args:
        main (Callable): Of tools/train.py.
        config (Path): Of :func:`write_config`.
        work_dir (Path): Goes on from what is there.
    """

    def act() -> None:
        sys.argv = ['train.py', str(config), '--work-dir', str(work_dir)]
        sys.argv.append('--resume')
        # Runs of one second would share a log, which takes no process less.
        real, start = time.time, 10 * len(list(work_dir.glob('2*')))
        time.time = lambda: real() + start
        main()

    return act


def read(work_dir: Path) -> Dict[str, Any]:
    """Read what a run has left, but for times.

    Returns:
        dict: Checkpoints by name, records, scalars, and names of what should
        not be there.
    """
    found = {
        path.name: _read_checkpoint(path) for path in work_dir.glob('*.pth')
    }
    found['last_checkpoint'] = Path(
        (work_dir / 'last_checkpoint').read_text()
    ).name
    for path in (work_dir / 'records').rglob('*'):
        if path.is_file() and path.name != 'run.json':
            found[str(path.relative_to(work_dir))] = path.read_bytes()
    for entry in iter_scalars(work_dir):
        kind = 'train' if 'loss' in entry else 'val'
        found[f'{kind} {entry["step"]}'] = _without_times(entry)
    drafts = [path.name for path in work_dir.rglob('.*') if path.is_file()]
    found['hidden files'] = sorted(drafts)
    return found


def find_difference(left: Any, right: Any, place: str = '') -> str:
    """Name the first place where two states differ; '' where none does."""
    if type(left) is not type(right):
        return f'{place}: {type(left).__name__}, {type(right).__name__}'
    if isinstance(left, torch.Tensor):
        equal = left.shape == right.shape and left.equal(right)
        return '' if equal else f'{place}: another tensor'
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return f'{place}: {sorted(left.keys() ^ right.keys(), key=str)}'
        left, right = (
            {str(k): v for k, v in side.items()} for side in (left, right)
        )
        pairs = [(f'{place}/{k}', left[k], right[k]) for k in left]
    elif isinstance(left, (list, tuple)):
        if len(left) != len(right):
            return f'{place}: {len(left)} and {len(right)} items'
        pairs = [(f'{place}/{n}', *p) for n, p in enumerate(zip(left, right))]
    else:
        same = left == right or (left != left and right != right)
        return '' if same else f'{place}: {left!r:.80} and {right!r:.80}'
    found = (find_difference(a, b, name) for name, a, b in pairs)
    return next(filter(None, found), '')


def _read_checkpoint(path: Path) -> dict:
    content = torch.load(path, weights_only=True)
    meta, hub = content['meta'], content['message_hub']
    content['meta'] = {k: meta[k] for k in ('epoch', 'iter', 'seed')}
    hub['log_scalars'] = _without_times(hub['log_scalars'])
    info = _without_times(hub['runtime_info'])
    for name in ('last_ckpt', 'best_ckpt'):
        if name in info:
            info[name] = Path(info[name]).name
    content['message_hub']['runtime_info'] = info
    return content


def _without_times(values: dict) -> dict:
    # The version names the commit of the folder, which may change meanwhile.
    times = 'time', 'eta', 'cfg', 'experiment_name', 'mmengine_version'
    return {
        k: v
        for k, v in values.items()
        if not any(part in k.split('/')[-1] for part in times)
    }
