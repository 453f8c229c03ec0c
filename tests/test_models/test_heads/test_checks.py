import pytest
import torch
from mmpretrain.structures import DataSample

from mmwsml.models import PartialLabelHead
from mmwsml.models.heads.checks import check_labels, check_store
from mmwsml.models.label_stores import LabelEstimates, LabelMemory, SoftLabels
from mmwsml.models.losses import (
    AssumeNegative,
    EntropyMaximization,
    LargeLossCorrection,
    LargeLossRejection,
    RegularizedOnlineLabelEstimation,
)


def sample(positives=(), negatives=(), sample_id='set/1.jpg'):
    result = DataSample(metainfo=dict(sample_id=sample_id))
    result.set_gt_label(list(positives))
    if negatives is not None:
        result.neg_label = torch.tensor(negatives, dtype=torch.long)
    return result


#: A store, a loss that has a use for it, one that has none, and the reason.
STORES = [
    (
        LabelMemory(),
        LargeLossCorrection(),
        LargeLossRejection(),
        'LargeLossRejection corrects no labels, so there is nothing to keep',
    ),
    (
        SoftLabels(),
        EntropyMaximization(0.2, 0.5),
        EntropyMaximization(0.2),
        'EntropyMaximization does not expect probabilities of unobserved',
    ),
    (
        LabelEstimates(2),
        RegularizedOnlineLabelEstimation(1),
        AssumeNegative(),
        'AssumeNegative learns no label estimates, so that those of LabelEst',
    ),
]


@pytest.mark.parametrize('store, user, other, reason', STORES)
def test_a_store_is_refused_where_the_loss_has_no_use_for_it(
    store, user, other, reason
):
    check_store(store, user)
    with pytest.raises(ValueError, match=reason):
        check_store(store, other)


@pytest.mark.parametrize('negatives', [[], [1]])
def test_labels_of_the_kind_of_the_head_pass(negatives):
    check_labels(sample([0], negatives), 'partial')
    check_labels(sample([0], None), 'complete')


@pytest.mark.parametrize('labels', ['full', '', None])
def test_an_unknown_kind_of_labels_is_refused(labels):
    with pytest.raises(ValueError, match="must be 'partial' or 'complete'"):
        PartialLabelHead(3, 2, labels=labels)


@pytest.mark.parametrize(
    ('loss', 'labels'),
    [('AssumeNegative', 'complete'), ('FullLabel', 'partial')],
)
def test_labels_that_the_loss_cannot_use_are_refused(loss, labels):
    with pytest.raises(ValueError, match=f'{loss} accepts .*={labels!r}'):
        PartialLabelHead(3, 2, dict(type=f'mmwsml.{loss}'), labels)


def test_a_loss_of_mmpretrain_is_refused():
    loss = dict(type='mmpretrain.CrossEntropyLoss', use_sigmoid=True)
    with pytest.raises(TypeError, match='but got CrossEntropyLoss'):
        PartialLabelHead(3, 2, loss=loss)


def test_labels_that_claim_to_be_complete_are_refused():
    samples = [sample([0]), sample([0], None, 'set/2.jpg')]
    with pytest.raises(ValueError, match=r'set/2\.jpg claim to be complete'):
        PartialLabelHead(3, 2).loss((torch.zeros(2, 2),), samples)


def test_partial_labels_are_refused_where_complete_ones_are_due():
    head = PartialLabelHead(3, 2, dict(type='mmwsml.FullLabel'), 'complete')
    with pytest.raises(ValueError, match=r'labels of set/1\.jpg are partial'):
        head.loss((torch.zeros(1, 2),), [sample([0], [])])


def test_dense_scores_are_refused():
    mixed = sample([0]).set_gt_score([0.4, 0.6, 0.0])
    with pytest.raises(ValueError, match=r'set/1\.jpg carries dense scores'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [mixed])


def test_a_sample_without_positives_listed_is_refused():
    bare = DataSample(metainfo=dict(sample_id='set/1.jpg'))
    with pytest.raises(ValueError, match=r'set/1\.jpg has no `gt_label`'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [bare])


def test_a_sample_without_an_id_is_refused_by_its_path():
    nameless = DataSample(metainfo=dict(img_path='1.jpg')).set_gt_label([0])
    with pytest.raises(ValueError, match=r'1\.jpg has no `sample_id`'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [nameless])
