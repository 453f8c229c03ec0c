"""Training steps on a GPU that is not there: devices, and who waits.

Fake CUDA tensors and those of ``meta`` have shapes and devices but no values:
a tensor on the wrong device, and whatever must know a value, is an error. A
copy between host and device that waits is seen as it is made; those of
``structures/transfer.py`` do not, and are counted.
"""

import sys
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest
import torch
from mmengine.utils import digit_version
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from mmwsml.models import (
    BoostLUHead,
    MultinomialHead,
    PartialLabelCSRAHead,
    PartialLabelHead,
    label_stores,
    losses,
)
from mmwsml.models.heads.last_step import LastStep
from mmwsml.models.losses.large_loss import LargeLoss
from mmwsml.structures import GlobalBatch, KnownLabels, Step, transfer
from mmwsml.structures.labelled_batch import Entries, LabelledBatch

IDS = [f'set/{n}.jpg' for n in range(4)]
N, K, C = len(IDS), 3, 8
REQUIRED = {
    'EntropyMaximization': dict(alpha=0.2),
    'ExpectedPositiveRegularization': dict(kappa=0.7),
    'InteractiveMultiLabel': dict(num_classes=K),
    'RegularizedOnlineLabelEstimation': dict(kappa=0.7),
}
LOSSES = sorted(
    name
    for name in losses.__all__
    if isinstance(getattr(losses, name), type)
    and issubclass(getattr(losses, name), losses.PartialLabelLoss)
    and name not in ('PartialLabelLoss', 'LargeLoss')
)
CLASS_WISE = dict(type='mmwsml.ClassWiseSelection')
#: Losses, and those with a choice inside.
CASES = [(name, {}) for name in LOSSES] + [
    (name, dict(selection=selection))
    for name in ('LargeLossRejection', 'LargeLossCorrection')
    for selection in (
        CLASS_WISE,
        dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
]


COPIES = torch.ops.aten._to_copy, torch.ops.aten.copy_


class Copies(TorchDispatchMode):
    """Refuses copies between host and device, but for those of transfer.py."""

    allowed = False
    num_downloads = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket in COPIES:
            ends = {x.device.type for x in (*args[:2], result) if is_tensor(x)}
            if len(ends) > 1 and not self.allowed:
                raise RuntimeError(f'{func} waits: it copies between {ends}.')
        return result


def is_tensor(value):
    return isinstance(value, torch.Tensor)


@pytest.fixture(params=['cuda', 'meta'])
def device(request, monkeypatch):
    """Compute on a device without values; yield it and what copies to it."""
    kind, copies = torch.device(request.param), Copies()
    is_fake = kind.type == 'cuda'
    if is_fake and digit_version(torch.__version__) < digit_version('2.14'):
        pytest.skip('torch 2.8 asks for the driver, and aborts.')
    fake = FakeTensorMode(allow_non_fake_inputs=True)

    def upload(tensor, to):
        copies.allowed = True
        if is_fake and not hasattr(tensor, 'fake_mode'):
            tensor = fake.from_tensor(tensor)
        tensor = tensor.to(to)
        copies.allowed = False
        return tensor

    class Download:
        def __init__(self, *tensors):
            assert all(tensor.device.type == kind.type for tensor in tensors)
            copies.num_downloads += 1

        def arrays(self):
            raise AssertionError('A step waits for what it has just sent.')

    places = {transfer.upload: upload, transfer.Download: Download}
    for name, module in list(sys.modules.items()):
        for own in places if name.startswith('mmwsml.') else ():
            if getattr(module, own.__name__, None) is own:
                monkeypatch.setattr(module, own.__name__, places[own])
    if kind.type == 'meta':  # which autocast does not know, and has no flag
        monkeypatch.setattr(torch, 'autocast', lambda *_, **__: nullcontext())
        monkeypatch.setattr(LastStep, 'check', lambda _: None)
    # Without autograd, which asks a GPU for its index.
    with fake if is_fake else nullcontext(), copies:
        with torch.set_grad_enabled(not is_fake):
            yield kind, copies


def make_step(kind):
    return Step(
        batch=GlobalBatch(IDS),
        progress=(3, 8),
        rate=Fraction(1, 10),
        shares=torch.rand(K, dtype=torch.float64, device=kind),
        features=torch.rand(N, C, device=kind),
        estimate=torch.rand(N, K, device=kind).requires_grad_(),
    )


@pytest.mark.parametrize('name, options', CASES, ids=str)
def test_a_loss_stays_on_the_device_and_waits_for_nothing(
    device, name, options
):
    kind, copies = device
    with kind:  # what a model moves to its device
        loss = getattr(losses, name)(**REQUIRED.get(name, {}), **options)
        loss.prepare(K)
        logits = torch.randn(N, K).requires_grad_()
    observed = torch.rand(N, K, device=kind) > 0.5
    result = loss(logits, observed.float(), observed, make_step(kind))
    assert result.value.device.type == kind.type
    if isinstance(loss, LargeLoss):
        assert result.modified.device.type == kind.type
    if kind.type == 'meta':
        result.value.backward()
        assert logits.grad.shape == (N, K)
    assert copies.num_downloads == 0


HEADS = [
    (PartialLabelHead, (N, C), {}),
    (MultinomialHead, (N, C), {}),
    (BoostLUHead, (N, C, 2, 2), {}),
    (PartialLabelCSRAHead, (N, C, 2, 2), dict(num_heads=1, lam=0.1)),
]


@pytest.mark.parametrize('head, shape, options', HEADS)
@pytest.mark.parametrize('is_half', [False, True])
def test_a_step_of_a_head_downloads_its_flag_alone(
    device, head, shape, options, is_half
):
    kind, copies = device
    loss = dict(type='mmwsml.LargeLossRejection')
    with kind:
        head = head(K, C, loss=loss, **options)
    head.tell(rate=Fraction(1, 10), progress=(3, 8))
    dtype = torch.half if is_half else None
    feature = torch.randn(shape, dtype=dtype, device=kind)
    value = head.loss((feature.requires_grad_(),), read_samples())['loss']
    assert value.dtype is torch.float32
    if kind.type == 'meta':
        value.backward()
        assert feature.grad.shape == shape
    assert copies.num_downloads == 1  # the flag, read in the next step


def read_samples():
    """Label four images, as the data loader does: on the CPU."""
    positives = Entries(np.array([0, 2]), np.array([1, 0]))
    return LabelledBatch(IDS, positives, Entries(np.array([1]), np.array([2])))


STORES = [
    ('LabelMemory', {}, 2),  # the flag, and what is to be remembered
    ('CurriculumLabels', {}, 1),
    ('ThresholdMemory', {}, 1),
]


@pytest.mark.parametrize('name, options, num_downloads', STORES)
def test_a_label_store_reads_and_writes_without_waiting(
    device, name, options, num_downloads
):
    kind, copies = device
    store = getattr(label_stores, name)(**options)
    loss = 'LargeLossCorrection' if store.keeps_modified else 'AssumeNegative'
    loss = dict(type=f'mmwsml.{loss}')
    with kind:
        head = PartialLabelHead(K, C, loss=loss, label_store=store)
    store.start(KnownLabels.collect((i, [0], []) for i in IDS))
    head.tell(rate=Fraction(1, 10), progress=(3, 8))
    if name != 'CurriculumLabels':  # something is remembered
        rows = np.zeros(1, label_stores.label_memory.COLUMNS)
        rows['class'] = 1
        store._append(rows)
    head.loss((torch.randn(N, C, device=kind),), read_samples())
    assert copies.num_downloads == num_downloads
