import pytest
import torch
from mmengine.config import Config

import mmwsml
from mmwsml.recipe import backbone as module
from mmwsml.recipe.backbone import check_weights, choose_backbone
from mmwsml.recipe.request import Request


def choose(tmp_path, **options):
    request = Request('labels.csv', 'images', 'out', **options)
    return choose_backbone(request, tmp_path / 'weights')


@pytest.fixture
def without_package(monkeypatch, tmp_path):
    def raise_missing():
        raise FileNotFoundError

    monkeypatch.setattr(module, 'find_weights', raise_missing)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))


def test_nothing_is_random_weights_that_are_kept(tmp_path):
    found = choose(tmp_path, backbone='digitnet', weights='none')
    assert found.is_untrained
    weights = torch.load(found.weights, weights_only=True)['state_dict']
    choose(tmp_path, backbone='digitnet', weights='none', seed=1)
    again = torch.load(found.weights, weights_only=True)['state_dict']
    assert weights and all(weights[k].equal(again[k]) for k in weights)


def test_weights_beside_the_data_are_found(without_package, tmp_path):
    path = tmp_path / module.BESIDE
    path.parent.mkdir()
    torch.save({'backbone.x': torch.zeros(1)}, path)
    found = choose(tmp_path)
    assert (found.name, found.weights) == ('mobilenet-v2', str(path))
    assert found.init_cfg['prefix'] == 'backbone'


def test_else_they_are_downloaded(without_package, tmp_path):
    assert choose(tmp_path).weights.startswith('https://')


@pytest.mark.parametrize(
    'options, message',
    [
        (dict(weights='none.pth'), 'there is no file none.pth'),
        (dict(backbone='digitnet'), 'has no pre-trained weights.*none'),
        (dict(backbone='mobile'), 'No config is called'),
    ],
)
def test_what_is_not_there_is_refused(
    without_package, tmp_path, options, message
):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        choose(tmp_path, **options)


def test_weights_of_another_backbone_are_refused(tmp_path):
    path = tmp_path / 'other.pth'
    torch.save({'layer.weight': torch.zeros(1)}, path)
    found = choose(tmp_path, backbone='digitnet', weights=str(path))
    cfg = Config.fromfile(mmwsml.config_path('_base_/models/digitnet'))
    cfg.model.backbone.init_cfg = found.init_cfg
    with pytest.raises(ValueError, match='weights of the backbone digitnet'):
        check_weights(cfg, found)


def test_without_a_network_the_extra_is_named(tmp_path, monkeypatch):
    from urllib.error import URLError

    def fail(cfg):
        raise URLError('no host')

    monkeypatch.setattr(module, 'build_pretrained_model', fail)
    found = choose(tmp_path, backbone='resnet50')
    with pytest.raises(ConnectionError, match=r'mmwsml\[weights\]'):
        check_weights(Config(), found)
