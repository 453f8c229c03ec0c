import hashlib

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpretrain import get_model

from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.inference.publish import publish_model


@pytest.fixture
def thresholds(tmp_path):
    path = str(tmp_path / 'thresholds.json')
    values = np.array([0.25, 0.5, 0.75])
    write_thresholds(path, Thresholds(('cat', 'dog', 'emu'), values))
    return path


def test_infers_alone_what_the_run_infers(
    small_checkpoint, small_config, thresholds, pictures
):
    path = publish_model(small_checkpoint, small_config, thresholds)
    published = MultiLabelInferencer(str(path))
    run = MultiLabelInferencer(small_checkpoint, small_config)
    assert published.classes == run.classes
    assert published.thresholds.tolist() == [0.25, 0.5, 0.75]
    for one, two in zip(published(pictures), run(pictures)):
        np.testing.assert_array_equal(one['scores'], two['scores'])


def test_the_name_holds_the_sum_of_the_file(
    small_checkpoint, small_config, tmp_path
):
    path = publish_model(small_checkpoint, small_config, None, tmp_path / 'x')
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path == tmp_path / 'x' / f'small-{digest[:8]}.pth'
    again = publish_model(small_checkpoint, small_config, None, tmp_path / 'y')
    assert again.name == path.name


def test_keeps_nothing_that_only_training_needs(
    small_checkpoint, small_config
):
    content = torch.load(small_checkpoint)
    content['state_dict']['head.loss_module.estimate'] = torch.zeros(9)
    torch.save(content, small_checkpoint)
    path = publish_model(small_checkpoint, small_config)
    published = torch.load(path, weights_only=True)
    assert set(published) == {'meta', 'state_dict'}
    del content['state_dict']['head.loss_module.estimate']
    assert published['state_dict'].keys() == content['state_dict'].keys()


def test_a_later_version_is_refused_and_an_earlier_one_read(
    small_checkpoint, small_config, pictures
):
    path = str(publish_model(small_checkpoint, small_config))
    content = torch.load(path)
    assert content['meta'].pop('mmwsml_format', 1) == 1
    torch.save(content, path)  # as mmwsml 0.1 wrote it
    assert len(MultiLabelInferencer(path)(pictures)) == len(pictures)
    content['meta']['mmwsml_format'] = 2
    torch.save(content, path)
    with pytest.raises(ValueError, match=r'format version 2, .* upgrade mmw'):
        MultiLabelInferencer(path)


def test_builds_no_label_store(small_checkpoint, small_config):
    config = Config.fromfile(small_config)
    config.model.head.update(
        loss=dict(type='mmwsml.RegularizedOnlineLabelEstimation', kappa=1),
        label_store=dict(type='mmwsml.LabelEstimates', num_images=10),
    )
    config.dump(small_config)
    path = publish_model(small_checkpoint, small_config)
    published = MultiLabelInferencer(str(path)).model
    assert not list(published.head.loss_module.parameters())
    assert not isinstance(published.head.label_store, torch.nn.Module)


def test_names_no_weights_to_start_from(small_checkpoint, small_config):
    config = Config.fromfile(small_config)
    init_cfg = dict(type='Pretrained', checkpoint='https://none/x.pth')
    config.model.backbone.init_cfg = init_cfg
    config.dump(small_config)
    path = publish_model(small_checkpoint, small_config)
    text = torch.load(path)['meta']['inference_config']
    assert 'https' not in text and 'img_path' not in text


def test_mmpretrain_reads_it(small_checkpoint, small_config):
    path = publish_model(small_checkpoint, small_config)
    model = get_model(small_config, pretrained=str(path))
    weights = torch.load(small_checkpoint)['state_dict']
    assert torch.equal(model.head.fc.weight, weights['head.fc.weight'])
    assert model._dataset_meta['classes'] == ['cat', 'dog', 'emu']


def test_thresholds_of_other_classes_are_refused(
    small_checkpoint, small_config, tmp_path
):
    path = str(tmp_path / 'others.json')
    write_thresholds(path, Thresholds(('a', 'b', 'c'), np.zeros(3)))
    with pytest.raises(ValueError, match=r'others\.json: holds thresholds of'):
        publish_model(small_checkpoint, small_config, path)


def test_a_pickle_is_refused_and_not_run(evil, small_config, tmp_path):
    with pytest.raises(ValueError, match='damaged or holds more than plain'):
        publish_model(str(evil), small_config)
    assert not (tmp_path / 'made').exists()
    assert not list(tmp_path.glob('small-*.pth'))
