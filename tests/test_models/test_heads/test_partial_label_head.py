import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from mmpretrain.structures import DataSample
from torch import nn

from mmwsml.models import PartialLabelHead
from mmwsml.models.label_stores import LabelMemory, LabelStore
from mmwsml.models.losses import (
    AssumeNegative,
    LargeLossCorrection,
    LargeLossRejection,
    LossResult,
)
from mmwsml.models.selections import TopKSelection
from mmwsml.registry import MODELS
from mmwsml.structures import Download, KnownLabels, Step, hash64


def sample(positives=(), negatives=(), sample_id='set/1.jpg'):
    result = DataSample(metainfo=dict(sample_id=sample_id))
    result.set_gt_label(list(positives))
    if negatives is not None:
        result.neg_label = torch.tensor(negatives, dtype=torch.long)
    return result


def plain_head(loss, num_classes=3, **kwargs):
    """Build a head whose logits are its features."""
    head = PartialLabelHead(num_classes, num_classes, loss=loss, **kwargs)
    nn.init.eye_(head.fc.weight)
    nn.init.zeros_(head.fc.bias)
    return head


def correcting_head(rate, ids=('set/1.jpg',), **kwargs):
    loss = LargeLossCorrection(TopKSelection('all'))
    head = plain_head(loss, **kwargs)
    head.tell(rate=rate, progress=(1, 10))
    keys = np.array([hash64(image) for image in ids])
    head.label_store.start(KnownLabels(keys))
    return head


def corrections_of(head):
    """List (key, class, epoch) of a head with a memory."""
    head.finish_step()
    names = ('key', 'class', 'epoch')
    columns = head.label_store.columns()
    return list(zip(*(columns[name].tolist() for name in names)))


def targets_of(head):
    """Record what the head hands to its loss."""
    seen = []
    head.loss_module.register_forward_pre_hook(
        lambda _, args: seen.append((args[1].tolist(), args[2].tolist()))
    )
    return seen


def test_the_loss_sees_which_labels_are_observed():
    head = PartialLabelHead(3, 2)
    seen = targets_of(head)
    head.loss((torch.zeros(2, 2),), [sample([1], [0]), sample([], [])])
    target, observed = seen[0]
    assert target == [[0, 1, 0], [0, 0, 0]]
    assert observed == [[True, True, False], [False] * 3]


def test_complete_labels_are_all_observed():
    head = PartialLabelHead(3, 2, dict(type='mmwsml.FullLabel'), 'complete')
    seen = targets_of(head)
    head.loss((torch.zeros(1, 2),), [sample([1], None)])
    assert seen == [([[0, 1, 0]], [[True] * 3])]


def test_the_loss_is_that_of_the_logits_of_the_last_feature(random_batch):
    feature, target, observed = random_batch(0, 4, 3)
    head = correcting_head(Fraction(1, 4))
    negative = observed & ~target.bool()
    samples = [
        sample(np.flatnonzero(positives), np.flatnonzero(negatives), str(n))
        for n, (positives, negatives) in enumerate(zip(target, negative))
    ]
    losses = head.loss((torch.zeros(4, 9), feature), samples)
    step = Step(rate=Fraction(1, 4))
    expected = head.loss_module(feature, target, observed, step).value
    assert list(losses) == ['loss']
    torch.testing.assert_close(losses['loss'], expected)


def test_the_loss_learns_the_images():
    head = PartialLabelHead(3, 2)
    samples, steps = [sample(sample_id=f'set/{x}') for x in 'ba'], []
    head.loss_module.register_forward_pre_hook(
        lambda _, args: steps.append(args[3])
    )
    head.loss((torch.zeros(2, 2),), samples)
    batch = steps[0].batch
    assert batch.sample_ids == ['set/b', 'set/a'] and batch.sizes == [2]


def test_ties_are_broken_alike_in_every_order_of_the_batch():
    ids = [f'set/{n}' for n in range(4)]
    samples = [sample(sample_id=image) for image in ids]
    first = min(hash64(image) for image in ids)
    for ordered in (samples, samples[::-1]):
        memory = LabelMemory()
        head = correcting_head(Fraction(1, 12), ids, label_store=memory)
        head.loss((torch.zeros(4, 3),), ordered)
        assert corrections_of(head) == [(first, 0, 1)]


def test_all_ranks_keep_the_same_corrections(on_ranks):
    ids = ['set/a', 'set/b', 'set/c']
    features = torch.tensor([[0.0, 1, 2], [9, 9, 9], [3, 2, 1]])
    own = [slice(0, 1), slice(1, 3)]

    def train(rank):
        memory = LabelMemory()
        head = correcting_head(Fraction(4, 9), ids, label_store=memory)
        samples = [sample([], [0], image) for image in ids[own[rank]]]
        for _ in range(2):
            head.loss((features[own[rank]],), samples)
        return corrections_of(head)

    one, other = on_ranks(2, train)
    assert one == other
    known = {(key, label) for key, label, _ in one}
    pairs = [('set/b', 1), ('set/b', 2), ('set/c', 1), ('set/a', 2)]
    rest = [('set/a', 1), ('set/c', 2)]
    assert known == {(hash64(image), i) for image, i in pairs + rest}


@pytest.mark.parametrize(
    'store', [dict(type='mmwsml.LabelMemory'), LabelMemory()]
)
def test_an_empty_label_memory_is_the_store_of_the_head(store):
    loss = LargeLossCorrection()
    head = PartialLabelHead(3, 2, loss=loss, label_store=store)
    assert isinstance(head.label_store, LabelMemory)


@pytest.mark.parametrize('loss', [AssumeNegative(), LargeLossRejection()])
def test_a_store_is_refused_where_the_loss_corrects_nothing(loss):
    message = f'{type(loss).__name__} corrects no labels, .* to keep in Label'
    with pytest.raises(ValueError, match=message):
        PartialLabelHead(3, 2, loss, label_store=LabelMemory())


def test_a_loss_in_evaluation_writes_no_label():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory()).eval()
    head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    head.finish_step()
    assert len(head.label_store) == 0


def test_without_a_store_nothing_is_remembered():
    head = correcting_head(Fraction(1, 3))
    assert type(head.label_store) is LabelStore
    seen = targets_of(head)
    for _ in range(2):
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert seen[0] == seen[1] == ([[1, 0, 0]], [[True, False, False]])


def test_a_corrected_label_stays_positive_with_a_memory():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    seen = targets_of(head)
    for _ in range(3):
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert [target for target, _ in seen] == [
        [[1, 0, 0]],
        [[1, 0, 1]],
        [[1, 1, 1]],
    ]
    assert all(o == [[bool(y) for y in t[0]]] for t, o in seen)


def test_an_observed_negative_is_never_corrected():
    head = correcting_head(Fraction(1), label_store=LabelMemory())
    head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0], [2])])
    assert corrections_of(head) == [(hash64('set/1.jpg'), 1, 1)]


def test_prediction_is_the_sigmoid_and_writes_no_label():
    head = correcting_head(Fraction(1), label_store=LabelMemory())
    (found,) = head.predict((torch.tensor([[-20.0, 0.0, 20.0]]),), [sample()])
    torch.testing.assert_close(found.pred_score, torch.tensor([0, 0.5, 1]))
    assert found.pred_label.tolist() == [1, 2]
    assert len(head.label_store) == 0


def test_the_default_loss_assumes_negatives():
    head = MODELS.build(
        dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=2)
    )
    assert isinstance(head.loss_module, AssumeNegative)
    assert head.labels == 'partial'


def test_finishing_a_step_shares_its_corrections():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert len(head.label_store) == 0
    for _ in range(2):
        head.finish_step()
        assert len(head.label_store) == 1


def test_the_epoch_of_a_correction_is_that_of_the_schedule():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    for epoch in (4, 7):
        head.tell(progress=(epoch, 10))
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert [row[1:] for row in corrections_of(head)] == [(2, 4), (1, 7)]


def test_a_store_without_an_epoch_names_the_hook():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    head.tell(progress=None)
    message = r'LabelMemory has no `progress`.*ProgressHook'
    with pytest.raises(RuntimeError, match=message):
        head.loss((torch.zeros(1, 3),), [sample([0])])


@pytest.mark.parametrize('training', [True, False])
@pytest.mark.parametrize('dtype', [torch.float32, torch.bfloat16])
def test_under_autocast_the_logits_are_not_rounded(dtype, training):
    head = PartialLabelHead(3, 8).train(training)
    feature = torch.randn(4, 8).to(dtype)
    expected = head.fc(feature.float())
    with torch.autocast('cpu', torch.bfloat16):
        logits = head((feature,))
    assert logits.dtype == torch.float32
    torch.testing.assert_close(logits, expected, rtol=0, atol=0)


def test_under_autocast_the_scores_are_not_rounded():
    head = plain_head(AssumeNegative())
    with torch.autocast('cpu', torch.bfloat16):
        (found,) = head.predict((torch.tensor([[0.1, 0.2, 0.3]]),), [sample()])
    expected = torch.tensor([0.1, 0.2, 0.3]).sigmoid()
    torch.testing.assert_close(found.pred_score, expected)


def test_a_head_in_half_precision_has_scores_in_float32():
    head = plain_head(AssumeNegative()).bfloat16()
    (found,) = head.predict(
        (torch.tensor([[0.5, 1, 2]]).bfloat16(),), [sample()]
    )
    expected = torch.tensor([0.5, 1, 2]).sigmoid()
    torch.testing.assert_close(found.pred_score, expected)


BAD = [math.nan, math.inf, -math.inf]
LABELS = dict(positive=([0], []), negative=([], [0]), unobserved=([], []))


def losses():
    """Return a loss of each kind that modifies all that it may."""
    return dict(
        plain=AssumeNegative(),
        rejection=LargeLossRejection(),
        correction=LargeLossCorrection(),
    )


@pytest.mark.parametrize('kind', ['plain', 'rejection', 'correction'])
@pytest.mark.parametrize('labels', LABELS)
@pytest.mark.parametrize('bad', BAD)
def test_a_logit_that_is_not_finite_stops_the_training(bad, labels, kind):
    head = plain_head(losses()[kind], num_classes=1)
    head.tell(rate=1, progress=(1, 10))
    samples = [sample(sample_id='set/a'), sample(*LABELS[labels], 'set/b')]
    message = '1 of 2 images have logits that are not finite, the first set/b'
    with pytest.raises(ValueError, match=message):
        head.loss((torch.tensor([[0.0], [bad]]),), samples)


@pytest.mark.parametrize('bad', BAD)
def test_a_diverged_step_leaves_the_store_as_it_was(bad):
    ids, memory = ('set/a', 'set/b'), LabelMemory()
    head = correcting_head(Fraction(1, 2), ids, label_store=memory)
    samples = [sample(sample_id=image) for image in ids]
    with pytest.raises(ValueError, match='the training diverged'):
        head.loss((torch.tensor([[0.0, 1, 2], [bad, 0, 0]]),), samples)
    assert corrections_of(head) == []


@pytest.mark.parametrize('bad', BAD)
def test_in_evaluation_nothing_is_checked(bad):
    head = plain_head(AssumeNegative(), num_classes=1).eval()
    losses = head.loss((torch.tensor([[bad]]),), [sample()])
    head.finish_step()
    assert not losses['loss'].isfinite()


def test_a_loss_beyond_float32_stops_the_training():
    head = plain_head(AssumeNegative())
    feature = torch.tensor([[3e38, -3e38, 3e38]])
    with pytest.raises(ValueError, match='loss is too large for float32'):
        head.loss((feature,), [sample([], [2])])


class LateLoss(AssumeNegative):
    """A loss that says, like one on a GPU, that looking at it would wait."""

    class Number(torch.Tensor):
        __torch_function__ = torch._C._disabled_torch_function_impl
        is_cuda = True

    def forward(self, *args):
        value = super().forward(*args).value.detach()
        return LossResult(value.as_subclass(self.Number))


@pytest.mark.parametrize('step', ['loss', 'finish_step'])
def test_a_gpu_is_asked_one_step_late(step):
    head = plain_head(LateLoss())
    head.loss((torch.full((1, 3), math.nan),), [sample()])
    args = ((torch.zeros(1, 3),), [sample(sample_id='set/2.jpg')])
    with pytest.raises(ValueError, match=r'1 of 1 .* the first set/1\.jpg'):
        getattr(head, step)(*(args if step == 'loss' else ()))


def test_a_sound_step_is_checked_once(monkeypatch):
    seen, arrays = [], Download.arrays
    monkeypatch.setattr(
        Download, 'arrays', lambda self: seen.append(self) or arrays(self)
    )
    head = plain_head(LateLoss())
    for number in (1, 2, 3):
        head.loss((torch.zeros(1, 3),), [sample()])
        assert len(seen) == number - 1
        head.finish_step()
        head.finish_step()
        assert len(seen) == len(set(map(id, seen))) == number


def test_options_of_the_loss_that_do_not_fit_are_refused_at_once():
    with pytest.raises(ValueError, match='one number for each of 3 classes'):
        PartialLabelHead(3, 2, AssumeNegative(class_weight=[1, 2]))


def test_the_store_knows_the_classes():
    assert PartialLabelHead(3, 2).label_store.num_classes == 3


def test_what_is_modified_needs_no_epoch_where_nothing_is_kept():
    head = plain_head(LargeLossRejection())
    head.tell(rate=Fraction(1, 3))
    head.loss((torch.zeros(1, 3),), [sample()])
    assert head.last_step.modified.sum() == 1


def test_a_ranking_is_of_one_step():
    head = plain_head(LargeLossRejection())
    head.tell(rate=Fraction(1, 3), ranking=torch.tensor([[9.0, 0, 0]]))
    modified = []
    for _ in range(2):
        head.loss((torch.tensor([[0.0, 0, 5]]),), [sample()])
        modified.append(head.last_step.modified.tolist())
    assert modified == [[[True, False, False]], [[False, False, True]]]


def test_the_last_step_is_there_for_hooks_to_read():
    head = plain_head(AssumeNegative())
    assert head.last_step is None
    for image, training in (('set/a', True), ('set/b', False)):
        head.train(training)
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([], [], image)])
    last = head.last_step
    assert last.batch.sample_ids == ['set/a']
    assert last.logits.tolist() == [[0, 1, 2]] and last.modified is None


def test_a_store_is_handed_logits_without_a_graph(monkeypatch):
    seen = []
    monkeypatch.setattr(LabelMemory, 'write', lambda *args: seen.append(args))
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    feature = torch.tensor([[0.0, 1, 2]], requires_grad=True)
    head.loss((feature,), [sample()])
    ((_, _, modified, logits, epoch),) = seen
    assert not logits.requires_grad and logits.tolist() == [[0, 1, 2]]
    assert modified.tolist() == [[False, False, True]] and epoch == 1


def test_its_loss_and_its_labels_are_checked():
    with pytest.raises(ValueError, match="must be 'partial' or 'complete'"):
        PartialLabelHead(3, 2, labels='full')
    with pytest.raises(ValueError, match=r'set/1\.jpg claim to be complete'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [sample([0], None)])
