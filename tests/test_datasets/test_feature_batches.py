"""Features looked up a batch at a time are those of single images."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
import torch
from mmengine.dataset import default_collate
from torch.utils.data import DataLoader

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.feature_batches import FeatureBatch, collate_batch
from mmwsml.engine.seed import set_seed
from mmwsml.models import PartialLabelHead
from mmwsml.structures import KnownLabels, hash64
from mmwsml.structures.feature_writer import FeatureWriter

LABELS = [([0, 2], [1]), ([1], []), ([], [0]), ([2], [0, 1]), ([0, 1], [])]
DRAW = dict(type='mmwsml.KeepOnePositive')
PACK = dict(type='mmwsml.PackPartialLabels')


@pytest.fixture
def build(write_dataset, tmp_path):
    """Build a data set of five images, as features of two views."""
    keys = np.array([hash64(f'set/{n}.jpg') for n in range(len(LABELS))])
    folder = tmp_path / 'features'
    folder.mkdir()
    FeatureWriter.create(folder, np.sort(keys), (2, 4), {})
    rng = np.random.default_rng(0)
    FeatureWriter(folder).write(
        np.arange(len(keys)), rng.random((len(keys), 2, 4))
    )

    def build(*transforms, labels='partial', flip_prob=0.0, pack=PACK):
        infos = [
            dict(img_path=f'{n}.jpg', gt_label=positives)
            for n, (positives, _) in enumerate(LABELS)
        ]
        if labels == 'partial':
            for info, (_, negatives) in zip(infos, LABELS):
                info['neg_label'] = negatives
        load = dict(
            type='mmwsml.LoadFeatures', folder=str(folder), flip_prob=flip_prob
        )
        return PartialLabelDataset(
            **write_dataset(infos),
            namespace='set',
            labels=labels,
            pipeline=[*transforms, load, pack],
        )

    return build


def both(dataset, indices):
    """Make a batch in both ways, from one random state."""
    set_seed(0)
    found = collate_batch(dataset.__getitems__(indices))
    set_seed(0)
    return found, default_collate([dataset[n] for n in indices])


def make_head(labels):
    torch.manual_seed(0)
    return PartialLabelHead(
        3,
        4,
        labels=labels,
        loss=dict(type='mmwsml.FullLabel')
        if labels == 'complete'
        else dict(type='mmwsml.AssumeNegative'),
    )


@pytest.mark.parametrize(
    'transforms, labels, flip_prob',
    [
        ([], 'partial', 0.0),
        ([], 'complete', 0.5),
        ([DRAW], 'complete', 0.0),
        ([DRAW], 'partial', 0.5),
    ],
)
def test_a_batch_trains_as_its_images_do(build, transforms, labels, flip_prob):
    dataset = build(*transforms, labels=labels, flip_prob=flip_prob)
    kind = 'partial' if transforms else labels
    values = []
    for batch in both(dataset, [3, 0, 0, 4, 2]):
        head = make_head(kind)
        inputs, samples = batch['inputs'], batch['data_samples']
        loss = head.loss((inputs.flatten(1),), samples)['loss']
        loss.backward()
        target, observed = head.read_labels(samples, inputs.device)
        ids = [sample.sample_id for sample in samples]
        values.append((inputs, loss, head.fc.weight.grad, target, observed))
        assert ids == [f'set/{n}.jpg' for n in (3, 0, 0, 4, 2)]
        assert inputs.shape == (5, 4, 1, 1)
    assert all(torch.equal(a, b) for a, b in zip(*values))


@pytest.mark.parametrize('name', ['Rejection', 'Correction', 'Memory'])
def test_a_large_loss_method_ends_with_the_same_weights(build, name):
    """LL-R, LL-Ct and LL-Cp, which modify 30 % of the labels."""
    loss = dict(
        type=f'mmwsml.LargeLoss{name.replace("Memory", "Correction")}',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
    store = dict(type='mmwsml.LabelMemory') if name == 'Memory' else None
    dataset = build(DRAW, flip_prob=0.5)
    results = []
    for collate in (collate_batch, default_collate):
        set_seed(0)
        head = PartialLabelHead(3, 4, loss=loss, label_store=store)
        if store:
            keys = [hash64(f'set/{n}.jpg') for n in range(len(LABELS))]
            head.label_store.start(KnownLabels(np.array(keys)))
        optimizer = torch.optim.Adam(head.parameters(), lr=0.1)
        loader = DataLoader(dataset, 2, shuffle=True, collate_fn=collate)
        values, modified = [], 0
        for epoch in (1, 2, 3):
            head.tell(progress=(epoch, 3), rate=Fraction(3, 10))
            for batch in loader:
                feats = (batch['inputs'].flatten(1),)
                value = head.loss(feats, batch['data_samples'])['loss']
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
                values.append(value.item())
                modified += int(head.last_step.modified.sum())
        head.finish_step()
        kept = head.label_store.columns() if store else {}
        assert modified and (not store or len(kept['key']))
        results.append((values, modified, kept, head.state_dict()))
    (*a, kept_a, state_a), (*b, kept_b, state_b) = results
    assert a == b
    for name, column in kept_a.items():
        assert np.array_equal(column, kept_b[name])
    assert all(torch.equal(state_a[k], state_b[k]) for k in state_a)


def test_an_image_of_a_batch_is_read_as_a_sample(build):
    found, singles = both(build(), [1, 3])
    for a, b in zip(found['data_samples'], singles['data_samples']):
        assert (a.sample_id, 'gt_score' in a) == (b.sample_id, False)
        assert a.gt_label.tolist() == b.gt_label.tolist()
        assert a.get('neg_label').tolist() == b.neg_label.tolist()
    complete = both(build(labels='complete'), [1])[0]['data_samples'][-1]
    assert 'neg_label' not in complete and 'gt_label' in complete


def test_a_loader_asks_for_batches(build):
    dataset = build(DRAW)
    loader = DataLoader(dataset, 2, collate_fn=collate_batch)
    found = torch.cat([batch['inputs'] for batch in loader])
    assert torch.equal(found, torch.stack([x['inputs'] for x in dataset]))
    assert isinstance(dataset.__getitems__([0]), FeatureBatch)
    # Any other way to collate sees the images one by one.
    other = DataLoader(dataset, 5, collate_fn=default_collate)
    assert torch.equal(next(iter(other))['inputs'], found)


def test_another_pipeline_has_images_as_ever(build):
    pack = dict(type='PackInputs')
    dataset = build(pack=pack)
    assert isinstance(dataset.__getitems__([0, 1]), list)
    batch = collate_batch(dataset.__getitems__([0, 1]))
    assert batch['inputs'].shape == (2, 4, 1, 1)


def test_a_subset_and_a_copy_have_their_own_batches(build):
    dataset = build()
    first = both(dataset, [0])[0]
    subset = dataset.get_subset([2, 3])
    for images in (subset, copy.deepcopy(subset)):
        assert both(images, [1])[0]['data_samples'].sample_ids == ['set/3.jpg']
    dataset.get_subset_([4])
    assert both(dataset, [0])[0]['data_samples'].sample_ids == ['set/4.jpg']
    again = pickle.loads(pickle.dumps(dataset))
    assert torch.equal(*[both(x, [0])[0]['inputs'] for x in (dataset, again)])
    assert not torch.equal(first['inputs'], both(again, [0])[0]['inputs'])


def test_an_image_without_features_is_named(build, tmp_path):
    dataset = build()
    keys = np.load(tmp_path / 'features' / 'keys.npy')
    missing = hash64('set/3.jpg')
    keys[keys == missing] += 1
    np.save(tmp_path / 'features' / 'keys.npy', np.sort(keys))
    dataset = build()
    with pytest.raises(KeyError, match=r'of the image set/3\.jpg: extract'):
        dataset.__getitems__([0])
