import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from mmwsml.structures.feature_arrays import FeatureArrays

ROOT = Path(__file__).parents[2]
#: A linear head on features of the images of another config.
HEAD = """
_base_ = '{base}'
pipeline = [
    dict(type='mmwsml.LoadFeatures', folder='features'),
    dict(type='mmwsml.PackPartialLabels'),
]
data_preprocessor = dict(_delete_=True, num_classes=10)
model = dict(backbone=dict(_delete_=True, type='mmwsml.PrecomputedFeatures'))
train_dataloader = dict(dataset=dict(pipeline=pipeline))
val_dataloader = dict(dataset=dict(pipeline=pipeline))
test_dataloader = dict(dataset=dict(pipeline=pipeline))
"""
HOOK = "dict(type='mmwsml.LinearInitHook', num_epochs=1)"


def read_map(folder):
    """Read the last mAP that a log tells."""
    (path,) = folder.rglob('*.log')
    word = 'multi-label/mAP: '
    return float(path.read_text().rpartition(word)[2].split()[0])


def load(path):
    return torch.load(path, weights_only=True)


@pytest.fixture
def trained(run_tool, config, digits, tmp_path):
    """Train the whole network for an epoch, and write a config of a head."""
    options = [*digits, 'train_cfg.max_epochs=1']
    run_tool('train', config('full'), '--work-dir', 'w', options=options)
    (tmp_path / 'head.py').write_text(HEAD.format(base=config('full')))
    return 'w/epoch_1.pth'


@pytest.mark.slow
def test_a_head_on_features_is_worth_what_it_is_on_images(
    run_tool, config, digits, tmp_path, trained
):
    out = ('--out', 'features')
    run_tool('extract_features', config('full'), trained, *out, options=digits)
    options = [*digits, 'train_cfg.max_epochs=2']
    run_tool('train', 'head.py', '--work-dir', 'head', options=options)
    whole = load(tmp_path / trained)['state_dict']
    whole.update(load(tmp_path / 'head/epoch_2.pth')['state_dict'])
    meta = load(tmp_path / trained)['meta']
    torch.save(dict(state_dict=whole, meta=meta), tmp_path / 'whole.pth')
    for cfg, checkpoint, folder in (
        (config('full'), 'whole.pth', 'on_images'),
        ('head.py', 'head/epoch_2.pth', 'on_features'),
    ):
        folder = ('--work-dir', folder)
        run_tool('test', cfg, checkpoint, *folder, options=digits)
    on_images, on_features = map(
        read_map, (tmp_path / 'on_images', tmp_path / 'on_features')
    )
    assert on_images == pytest.approx(on_features, abs=0.01)


@pytest.mark.slow
def test_a_head_learns_on_features_what_it_learns_on_a_frozen_backbone(
    run_tool, config, digits, tmp_path, trained
):
    out = ('--out', 'features', '--splits', 'train', 'val')
    run_tool('extract_features', config('full'), trained, *out, options=digits)
    start = [*digits, f'load_from={trained}']
    options = [*start, 'train_cfg.max_epochs=1']
    run_tool('train', 'head.py', '--work-dir', 'head', options=options)
    frozen = f"_base_ = '{config('full')}'\ncustom_hooks = [{HOOK}]\n"
    (tmp_path / 'frozen.py').write_text(frozen)
    options = [*start, 'train_cfg.max_epochs=2']
    run_tool('train', 'frozen.py', '--work-dir', 'frozen', options=options)
    names = ('head.fc.weight', 'head.fc.bias')
    before, head, frozen = (
        load(tmp_path / path)['state_dict']
        for path in (trained, 'head/epoch_1.pth', 'frozen/epoch_1.pth')
    )
    for name in names:
        assert (head[name] - before[name]).abs().max() > 1e-3
        torch.testing.assert_close(head[name], frozen[name])


@pytest.mark.slow
def test_training_end_to_end_starts_with_the_head(
    run_tool, config, digits, tmp_path, trained
):
    out = ('--out', 'features', '--flip', '--splits', 'train', 'val')
    run_tool('extract_features', config('full'), trained, *out, options=digits)
    options = [*digits, 'train_cfg.max_epochs=2']
    run_tool('train', 'head.py', '--work-dir', 'head', options=options)
    (best,) = (tmp_path / 'head').glob('best_*.pth')
    backbone = dict(type='Pretrained', checkpoint=trained, prefix='backbone')
    start = [
        *digits,
        f'load_from={best}',
        *(f'model.backbone.init_cfg.{k}={v}' for k, v in backbone.items()),
        'optim_wrapper.optimizer.lr=0',
        'train_cfg.max_epochs=1',
    ]
    run_tool('train', config('full'), '--work-dir', 'whole', options=start)
    after = load(tmp_path / 'whole/epoch_1.pth')
    parts = dict(head=load(best), backbone=load(tmp_path / trained))
    for part, source in parts.items():
        names = [k for k in after['state_dict'] if k.startswith(part)]
        names = [k for k in names if k.endswith(('weight', 'bias'))]
        assert names
        for name in names:
            weight = source['state_dict'][name]
            assert torch.equal(after['state_dict'][name], weight)
    steps = {s['step'].item() for s in after['optimizer']['state'].values()}
    assert steps == {8}  # 128 images in batches of 16: nothing was resumed


@pytest.mark.slow
@pytest.mark.dist
def test_two_processes_extract_the_same(
    run_tool, config, digits, tmp_path, trained
):
    tool = ('extract_features', config('full'), trained)
    run_tool(*tool, '--out', 'one', options=digits)
    command = [
        *(sys.executable, '-m', 'torch.distributed.run', '--standalone'),
        *('--nproc_per_node=2', ROOT / 'tools/extract_features.py'),
        *(*tool[1:], '--out', 'two', '--launcher', 'pytorch'),
        *('--cfg-options', *digits),
    ]
    env = dict(os.environ, PYTHONPATH=str(ROOT), OMP_NUM_THREADS='1')
    command = [str(part) for part in command]
    subprocess.run(command, cwd=tmp_path, env=env, check=True)
    one, two = (FeatureArrays(tmp_path / x).features for x in ('one', 'two'))
    assert one.any()
    torch.testing.assert_close(*(torch.tensor(x) for x in (one, two)))


@pytest.mark.slow
@pytest.mark.realdata
def test_a_head_is_trained_on_real_features(
    run_tool, config, real_data, tmp_path, monkeypatch
):
    small = [
        f'{split}_dataloader.dataset.indices=32'
        for split in ('train', 'val', 'test')
    ]
    (images,) = (ROOT / 'configs/full').glob('*_mobilenet-v2_*_coco18-*.py')
    head = min((ROOT / 'configs/full').glob('*-features_*_coco18-*.py'))
    workers = [*small, 'train_dataloader.num_workers=0']
    run_tool(
        *('extract_features', images, '--out', 'features/coco18'),
        options=workers,
    )
    monkeypatch.setenv('MMWSML_FEATURES', 'features')
    options = [*small, 'train_cfg.max_epochs=2']
    run_tool('train', head, '--work-dir', 'w', options=options)
    arrays = FeatureArrays(tmp_path / 'features/coco18')
    assert arrays.features.shape == (96, 1, 1280)
    assert (arrays.features >= 0).all()  # after the last ReLU
    assert 0 < read_map(tmp_path / 'w') <= 100
