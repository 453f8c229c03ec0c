import numpy as np
import pytest
import torch
from mmengine.dataset import default_collate
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS, MODELS
from torch.utils.data import DataLoader

from mmwsml.datasets.transforms import KeepOnePositive, PackPartialLabels
from mmwsml.engine.full_pass import join_images, make_loader, predict_images
from mmwsml.engine.samples import sample_keys
from mmwsml.structures import ImageRows, hash64


def build(cfg, registry=DATASETS):
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return registry.build(cfg)


@pytest.fixture
def images(dataset_cfg):
    """Join the twenty images, transformed as in training."""
    dataset = build(dataset_cfg)
    return join_images(dataset, dataset.pipeline.transforms)


@pytest.fixture
def model():
    """Build a tiny classifier, of a backbone with batch norm."""
    torch.manual_seed(0)
    backbone = dict(type='mmwsml.DigitNet', channels=(4, 8), strides=(2, 2))
    head = dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=8)
    cfg = dict(
        type='ImageClassifier',
        backbone=backbone,
        neck=dict(type='GlobalAveragePooling'),
        head=head,
        data_preprocessor=dict(num_classes=3, mean=[127.5], std=[63.75]),
    )
    return build(cfg, MODELS)


def predict(model, images, batch_size):
    like = DataLoader(images, collate_fn=default_collate)
    loader = make_loader(images, like, batch_size, num_workers=0)
    rows = ImageRows(sample_keys(images))
    return predict_images(model, loader, rows, num_classes=3)


@pytest.mark.parametrize('batch_size', [1, 3, 20, 64])
def test_predicts_each_image_in_the_order_of_the_keys(
    batch_size, images, model
):
    logits = predict(model, images, batch_size)
    expected = {}
    model.eval()
    for item in images:
        data = model.data_preprocessor(default_collate([item]), False)
        with torch.no_grad():
            logit = model.head(model.extract_feat(data['inputs']))[0]
        expected[hash64(item['data_samples'].sample_id)] = logit
    oracle = torch.stack([expected[key] for key in sorted(expected)])
    assert logits.shape == (20, 3) and logits.dtype == np.float32
    torch.testing.assert_close(torch.from_numpy(logits), oracle)


def test_leaves_the_model_as_it_was(images, model):
    model.train()
    model.backbone.eval()  # frozen, as a hook may do
    for weight in model.parameters():
        weight.grad = torch.rand_like(weight)
    before = [weight.grad.clone() for weight in model.parameters()]
    state = {key: value.clone() for key, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    predict(model, images, 7)
    assert [module.training for module in model.modules()] == modes
    assert len(set(modes)) == 2
    for key, value in model.state_dict().items():
        assert torch.equal(value, state[key])
    for weight, grad in zip(model.parameters(), before):
        assert torch.equal(weight.grad, grad)


def test_draws_no_random_numbers(images, model):
    torch.manual_seed(0)
    like = DataLoader(images, collate_fn=default_collate)
    loader = make_loader(images, like, 4, num_workers=2)
    predict_images(model, loader, ImageRows(sample_keys(images)), 3)
    drawn = torch.rand(1)
    torch.manual_seed(0)
    assert drawn == torch.rand(1)


def test_names_the_image_whose_logits_are_not_finite(images, model):
    with torch.no_grad():
        model.head.fc.bias.fill_(torch.nan)
    model.train()
    message = r'The image images/\d+\.png has logits that are not finite in'
    with pytest.raises(ValueError, match=message):
        predict(model, images, 5)
    assert model.training


def test_labels_stay_as_training_sees_them(dataset_cfg):
    dataset_cfg['pipeline'].insert(0, dict(type='mmwsml.KeepOnePositive'))
    dataset = build(dataset_cfg)
    others = build(dict(dataset_cfg, namespace='others'))
    others.pipeline.transforms = others.pipeline.transforms[1:]
    images = join_images(dataset, others.pipeline.transforms)
    for index, item in enumerate(images):
        expected, sample = dataset[index]['data_samples'], item['data_samples']
        assert sample.sample_id == expected.sample_id
        assert sample.gt_label.tolist() == expected.gt_label.tolist()
        assert sample.neg_label.tolist() == []


def test_transforms_of_labels_come_from_training_alone(dataset_cfg):
    dataset = build(dataset_cfg)
    transforms = [KeepOnePositive(), *dataset.pipeline.transforms]
    images = join_images(dataset, transforms)
    assert [len(item['data_samples'].neg_label) for item in images] == [1] * 20


@pytest.mark.parametrize('times', [1, 3])
def test_an_image_of_wrapped_sets_is_there_once(dataset_cfg, times):
    second = dict(dataset_cfg, namespace='second')
    both = dict(type='ConcatDataset', datasets=[dataset_cfg, second])
    wrapped = build(dict(type='RepeatDataset', dataset=both, times=times))
    transforms = build(dataset_cfg).pipeline.transforms
    images = join_images(wrapped, transforms)
    ids = [item['data_samples'].sample_id for item in images]
    assert len(ids) == len(set(ids)) == 40


def test_annotations_are_shared_and_the_data_set_is_left_alone(dataset_cfg):
    dataset = build(dataset_cfg)
    pipeline = dataset.pipeline
    twin = join_images(dataset, [PackPartialLabels()]).datasets[0]
    assert twin.data_bytes is dataset.data_bytes
    assert dataset.pipeline is pipeline and not dataset.test_mode


def test_an_image_that_fails_is_not_replaced_by_another(dataset_cfg):
    images = join_images(build(dataset_cfg), [lambda results: None])
    with pytest.raises(Exception, match='should not get `None`'):
        images[0]
