"""Any backbone by one line of a leaf, and what shows where it looks."""

import copy
from fractions import Fraction
from types import SimpleNamespace

import pytest
import torch
from mmengine.config import Config
from mmpretrain import get_model
from mmpretrain.models.necks import GlobalAveragePooling
from mmpretrain.structures import DataSample

from mmwsml.engine import ActivationMapHook
from mmwsml.models import BoostLUHead
from mmwsml.structures import KnownLabels

LEAF = 'll-ct/ll-ct_resnet50_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px.py'
MAPS = (
    'resnet18',
    'resnet50',
    'resnet101',
    'mobilenet-v2',
    'mobilenet-v3',
    'efficientnet-lite0',
    'convnext-tiny',
    'swin-tiny',
)


#: One of each kind; the others take their time.
QUICK = ('resnet18', 'swin-tiny', 'vit-base')


def marked(names):
    """Mark the backbones that are not quick."""
    for name in names:
        slow = [] if name in QUICK else [pytest.mark.slow]
        yield pytest.param(name, marks=slow)


@pytest.fixture(scope='module', params=marked([*MAPS, 'vit-base']))
def network(request, tmp_path_factory):
    """Build the model of a leaf, with another backbone by one line."""
    configs = request.config.rootpath / 'configs'
    text = (configs / LEAF).read_text()
    line = "'../_base_/models/resnet50_official.py'"
    assert text.count(line) == 1
    text = text.replace(line, f"'../_base_/models/{request.param}.py'")
    path = tmp_path_factory.mktemp('leaf') / 'leaf.py'
    path.write_text(text.replace('../_base_', str(configs / '_base_')))
    cfg = Config.fromfile(path)
    init = cfg.model.backbone.pop('init_cfg')  # downloads nothing
    assert init['type'] == 'Pretrained'
    torch.manual_seed(0)
    return request.param, get_model(cfg, pretrained=False)


def variant(model, neck, head):
    """Put another neck and head on the same backbone."""
    other = copy.copy(model)
    other._modules = dict(model._modules)
    other.neck, other.head = neck, head
    return other


def predict(model, labels=((3, 5), (0,))):
    """Predict two images; return the samples and the logits."""
    samples = []
    for number, positives in enumerate(labels):
        samples.append(DataSample().set_gt_label(list(positives)))
        samples[-1].set_metainfo(dict(sample_id=f'random/{number}'))
        samples[-1].neg_label = torch.tensor([19])
    images = torch.randn(2, 3, 64, 64, generator=torch.manual_seed(0))
    model.eval()
    with torch.no_grad():
        predicted = model(images, samples, mode='predict')
        return images, predicted, model.head(model.extract_feat(images))


def test_learns_and_predicts(network):
    _, model = network
    images, samples, logits = predict(model)
    assert logits.shape == (2, 20) and logits.isfinite().all()
    for sample, row in zip(samples, logits):
        torch.testing.assert_close(sample.pred_score, row.sigmoid())
    model.train()
    model.head.tell(rate=Fraction(1, 10))
    known = KnownLabels.collect(
        (sample.sample_id, sample.gt_label, sample.neg_label)
        for sample in samples
    )
    model.head.label_store.start(known)
    model(images, samples, mode='loss')['loss'].backward()
    assert all(p.grad.isfinite().all() for p in model.parameters())
    model.zero_grad()


def show(model, *args):
    """Predict with the maps of a hook."""
    hook, runner = ActivationMapHook(*args), SimpleNamespace(model=model)
    hook.before_test(runner)
    try:
        return predict(model)[1:]
    finally:
        hook.after_test(runner)


def check_maps(samples, logits, bias):
    """The mean of an exact map, and the bias, are the logit."""
    for sample, row in zip(samples, logits):
        labels = sample.gt_label
        maps = sample.activation_maps
        assert maps.dim() == 3 and sample.input_shape == (64, 64)
        expected = row[labels] - bias[labels]
        torch.testing.assert_close(
            maps.mean((1, 2)), expected, rtol=1e-3, atol=1e-5
        )


def test_cam_is_exact_or_refused_in_a_sentence(network):
    name, model = network
    if name in MAPS:
        check_maps(*show(model), model.head.fc.bias.detach())
        return
    with pytest.raises(TypeError, match='but the model has NoneType and Par'):
        show(model)


def test_boostlu_takes_the_feature_map_or_refuses_it(network):
    name, model = network
    channels = model.head.fc.in_features
    head = BoostLUHead(20, channels, alpha=1)
    head.load_state_dict(model.head.state_dict())
    logits = predict(model)[-1]
    model = variant(model, None, head)
    if name in MAPS:
        # At alpha=1 it is the linear head over average pooling.
        samples, found = show(model)
        torch.testing.assert_close(found, logits, rtol=1e-3, atol=1e-5)
        check_maps(samples, found, torch.zeros(20))
        return
    with pytest.raises(ValueError, match=r'needs a feature map .*out_type='):
        predict(model)


@pytest.fixture
def transformer(network):
    """The model of the backbone that gives no map by itself."""
    return network[1]


only_transformer = pytest.mark.parametrize(
    'network', ['vit-base'], indirect=True
)


@only_transformer
def test_a_transformer_gives_maps_with_out_type_featmap(
    transformer, monkeypatch
):
    monkeypatch.setattr(transformer.backbone, 'out_type', 'featmap')
    head = transformer.head
    model = variant(transformer, GlobalAveragePooling(), head)
    check_maps(*show(model), head.fc.bias.detach())
    logits = predict(model)[-1]
    boosted = BoostLUHead(20, 768, alpha=1)
    boosted.load_state_dict(head.state_dict())
    found = predict(variant(transformer, None, boosted))[-1]
    torch.testing.assert_close(found, logits, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
@only_transformer
def test_grad_cam_serves_a_transformer(transformer):
    pytest.importorskip('pytorch_grad_cam')
    samples, _ = show(transformer, 'grad-cam', 'backbone.layers.11.ln1')
    assert [len(s.activation_maps) for s in samples] == [2, 1]
    assert all(s.activation_maps.isfinite().all() for s in samples)
