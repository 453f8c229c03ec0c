"""LL-Cp on DigitScenes: 1, 2 and 4 processes train alike."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.dist import all_reduce
from mmengine.hooks import Hook
from mmengine.model import BaseModule
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS, MODELS
from torch import nn

from mmwsml.engine.head import head_of
from mmwsml.engine.launch import adapt_to_machine

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]
(LL_CP,) = (ROOT / 'configs' / 'll-cp').glob('*_digitscenes-1pos.py')
NUM_IMAGES = 128
GLOBAL_BATCH = 32


@MODELS.register_module(force=True)
class PlainNet(BaseModule):
    """Convolutions without batch norm: a batch may be cut anywhere."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 5, 4), nn.ReLU(), nn.Conv2d(8, 64, 3, 2)
        )

    def forward(self, x):
        return (self.layers(x),)


@HOOKS.register_module(force=True)
class LossHook(Hook):
    """Keep the mean loss of all processes in each step."""

    def __init__(self):
        self.losses = []

    def after_train_iter(self, runner, batch_idx, data_batch, outputs):
        loss = outputs['loss'].detach().clone()
        all_reduce(loss, 'mean')
        self.losses.append(loss.item())


@pytest.fixture
def make_cfg(digit_scenes, tmp_path):
    """Return a maker of short LL-Cp runs that correct from epoch 1."""

    def make(num_processes, name='run', train_cfg=None, **options):
        cfg = Config.fromfile(LL_CP)
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / name),
                'model.backbone': dict(_delete_=True, type='PlainNet'),
                'custom_hooks.0.begin': 1,
                'train_dataloader.batch_size': GLOBAL_BATCH // num_processes,
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': NUM_IMAGES,
                'train_dataloader.dataset.data_root': str(digit_scenes),
                'train_cfg.max_epochs': 2,
                'default_hooks.logger': None,
                'default_hooks.losses': dict(type='LossHook'),
                'default_hooks.checkpoint.save_best': None,
                'log_level': 'WARNING',
                **options,
            }
        )
        cfg.train_cfg = train_cfg or cfg.train_cfg
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
        cfg.launcher = 'pytorch' if num_processes > 1 else 'none'
        return cfg

    return make


def train(cfg):
    """Train; return losses, corrections and weights of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    (hook,) = (hook for hook in runner.hooks if isinstance(hook, LossHook))
    columns = head_of(runner).label_store.columns()
    names = ('key', 'class', 'epoch')
    return dict(
        losses=hook.losses,
        corrections=list(zip(*(columns[name].tolist() for name in names))),
        weights=dict(
            getattr(runner.model, 'module', runner.model).state_dict()
        ),
    )


@pytest.fixture
def train_on(spread, make_cfg):
    """Train on so many processes; return what rank 0 has, all checked."""

    def run(num_processes, **options):
        cfg = make_cfg(num_processes, **options)
        results = spread(train, num_processes, cfg)
        for other in results[1:]:
            assert other['corrections'] == results[0]['corrections']
            assert other['losses'] == results[0]['losses']
        assert len(results[0]['corrections']) > 0
        return results[0]

    return run


@pytest.mark.parametrize('num_processes', [2, 4])
def test_several_processes_train_as_one(train_on, num_processes):
    one, several = train_on(1), train_on(num_processes)
    assert several['corrections'] == one['corrections']
    assert several['losses'] == pytest.approx(one['losses'], abs=1e-4)


OPTIONS = dict(
    ema={'custom_hooks': dict(type='EMAHook')},
    propensity={
        # More positives than images: as many as there is room for, which
        # differs from class to class.
        'custom_hooks': dict(type='mmwsml.PropensityHook', kappa=20, limit=20)
    },
    accumulation={'optim_wrapper.accumulative_counts': 2},
    clipping={'optim_wrapper.clip_grad': dict(max_norm=0.1)},
    unused={'find_unused_parameters': True},
    amp={'optim_wrapper.type': 'AmpOptimWrapper'},
)


@pytest.mark.parametrize('option', OPTIONS)
def test_the_options_of_mmengine_go_with_ll_cp(train_on, make_cfg, option):
    options = dict(OPTIONS[option])
    if 'custom_hooks' in options:  # beside the schedule
        hooks = make_cfg(1).custom_hooks
        options['custom_hooks'] = [*hooks, options['custom_hooks']]
    one, two = (train_on(number, **options) for number in (1, 2))
    assert two['corrections'] == one['corrections']
    assert two['losses'] == pytest.approx(one['losses'], abs=1e-4)


def test_a_frozen_backbone_goes_with_ll_cp(train_on, monkeypatch):
    build = PlainNet.__init__

    def frozen(self):
        build(self)
        self.requires_grad_(False)

    monkeypatch.setattr(PlainNet, '__init__', frozen)
    one, two = train_on(1), train_on(2)
    assert two['corrections'] == one['corrections']


@pytest.mark.parametrize(
    'before, after',
    [(2, 1), (1, 2), pytest.param(2, 4, marks=pytest.mark.slow)],
)
def test_a_resumed_run_may_have_another_number_of_processes(
    train_on, tmp_path, before, after
):
    whole = train_on(1, name='whole')
    train_on(before, name='part', **{'train_cfg.max_epochs': 1})
    checkpoint = dict(load_from=str(tmp_path / 'part' / 'epoch_1.pth'))
    rest = train_on(after, name='part', resume=True, **checkpoint)
    assert rest['corrections'] == whole['corrections']
    last = whole['losses'][-len(rest['losses']) :]
    assert rest['losses'] == pytest.approx(last, abs=1e-4)


def test_a_padded_batch_records_an_image_once(train_on):
    """129 images make 130 on two processes: one is trained on twice."""
    options = {'train_dataloader.dataset.indices': NUM_IMAGES + 1}
    for number in (1, 2, 4):
        corrections = train_on(number, **options)['corrections']
        pairs = [(key, label) for key, label, _ in corrections]
        assert len(pairs) == len(set(pairs))


def test_iterations_train_alike_too(train_on, make_cfg):
    hook = dict(make_cfg(1).custom_hooks[0], by_epoch=False, iters_per_epoch=3)
    options = {
        'custom_hooks': [hook],
        'train_cfg': dict(type='mmwsml.ResumableIterLoop', max_iters=7),
        'train_dataloader.sampler': dict(
            _delete_=True, type='mmwsml.EndlessSampler'
        ),
        'default_hooks.checkpoint.by_epoch': False,
        'log_processor': dict(by_epoch=False),
    }
    one, two = (train_on(number, **options) for number in (1, 2))
    assert two['corrections'] == one['corrections']
    assert two['losses'] == pytest.approx(one['losses'], abs=1e-4)
