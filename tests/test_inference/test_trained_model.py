import json

import pytest
import torch
from mmengine.config import Config

from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.inference.publish import publish_model
from mmwsml.inference.trained_model import load_trained_model, read_config


@pytest.fixture
def change(small_checkpoint, tmp_path):
    """Write the checkpoint again, changed."""

    def change(function):
        content = torch.load(small_checkpoint)
        function(content)
        torch.save(content, tmp_path / 'changed.pth')
        return str(tmp_path / 'changed.pth')

    return change


def test_loads_every_weight_and_the_classes(small_checkpoint, small_config):
    model = load_trained_model(small_checkpoint, small_config, 'cpu')
    weights = torch.load(small_checkpoint)['state_dict']
    assert model.state_dict().keys() == weights.keys()
    for key, value in model.state_dict().items():
        assert torch.equal(value, weights[key])
    assert model._dataset_meta == dict(classes=('cat', 'dog', 'emu'))
    assert not model.training


def test_a_config_object_serves_as_well(small_checkpoint, small_config):
    config = Config.fromfile(small_config)
    model = load_trained_model(small_checkpoint, config)
    assert model.head.num_classes == 3


def test_state_that_only_training_needs_is_left_out(change, small_config):
    extra = {'head.loss_module.estimate': torch.zeros(5)}
    path = change(lambda content: content['state_dict'].update(extra))
    assert load_trained_model(path, small_config).head.num_classes == 3


def test_a_checkpoint_of_other_classes_is_refused(
    small_checkpoint, small_config
):
    config = Config.fromfile(small_config)
    config.model.head.num_classes = 5
    with pytest.raises(ValueError, match='of 3 classes, but the config has 5'):
        load_trained_model(small_checkpoint, config)


@pytest.mark.parametrize(
    'damage',
    [
        lambda weights: weights.pop('head.fc.bias'),
        lambda weights: weights.update(other=torch.zeros(2)),
        lambda weights: weights.update({'head.fc.bias': torch.zeros(2)}),
        lambda weights: weights.update({'head.fc.weight': torch.tensor(1.0)}),
    ],
)
def test_weights_that_do_not_fit_are_refused(change, small_config, damage):
    path = change(lambda content: damage(content['state_dict']))
    with pytest.raises(ValueError, match=r'1 weights are missing, unknown or'):
        load_trained_model(path, small_config)


@pytest.mark.parametrize(
    ('classes', 'found'), [(None, 'no names'), (['cat'], '1 names')]
)
def test_missing_names_of_classes_are_refused(
    change, small_config, classes, found
):
    meta = dict(dataset_meta=dict(classes=classes))
    path = change(lambda content: content.update(meta=meta))
    with pytest.raises(ValueError, match=f'holds {found} for 3 classes'):
        load_trained_model(path, small_config)


def test_a_pickle_is_refused_and_not_run(evil, small_config, tmp_path):
    with pytest.raises(ValueError, match='damaged or holds more than plain'):
        load_trained_model(str(evil), small_config)
    assert not (tmp_path / 'made').exists()


@pytest.mark.parametrize('device', ['cuda:99', 'xyz', 'meta:1:2'])
def test_a_device_that_is_not_there_is_refused(device, small_checkpoint):
    with pytest.raises(ValueError, match=f"device '{device}' cannot be used"):
        load_trained_model(small_checkpoint, device=device)


def test_a_checkpoint_of_a_run_needs_its_config(small_checkpoint):
    with pytest.raises(ValueError, match=r'epoch_3\.pth: holds no config'):
        load_trained_model(small_checkpoint)


@pytest.mark.parametrize(
    'name',
    [
        'os.system',
        'builtins.exec',
        'subprocess.Popen',
        'evil.ImageClassifier',
        'mmengine.load',
        'torch.nn.Linear',
        ['ImageClassifier'],
        None,
    ],
)
@pytest.mark.parametrize('depth', [0, 1, 2])
def test_a_config_inside_a_checkpoint_names_registered_parts_only(name, depth):
    config = dict(type=name, command='touch made')
    for _ in range(depth):
        config = dict(type='ImageClassifier', children=[config])
    with pytest.raises(ValueError, match='which is not a registered part'):
        read_config(json.dumps(config), 'x.pth')


@pytest.mark.parametrize('text', ['{', 3])
def test_a_damaged_config_is_refused(text):
    with pytest.raises(ValueError, match=r'x\.pth: holds a damaged config'):
        read_config(text, 'x.pth')


@pytest.mark.parametrize(
    'function, rule',
    [
        (lambda x: x.update(state_dict=[1]), r'`state_dict` is \[1\]'),
        (lambda x: x.update(state_dict={1: 2}), 'has the key 1, no text'),
        (lambda x: x.update(meta='a'), "`meta` is 'a'"),
        (lambda x: x.update(meta=None), '`meta` is None'),
        (lambda x: x['meta'].update(dataset_meta=[3]), 'dataset_meta` is'),
        (
            lambda x: x['meta'].update(dataset_meta=dict(classes='abc')),
            "dataset_meta.classes` is 'abc'",
        ),
        (lambda x: x['meta'].update(epoch='1'), "`meta.epoch` is '1' and no"),
        (lambda x: x['meta'].update(iter=-1), '`meta.iter` is -1 and no'),
        (lambda x: x['meta'].update(thresholds='a'), "thresholds` is 'a'"),
        (lambda x: x.update(message_hub=3), '`message_hub` is 3'),
        (lambda x: x.update(optimizer=[]), '`optimizer` is'),
    ],
)
def test_a_part_of_another_type_is_refused(
    change, small_config, function, rule
):
    path = change(function)
    with pytest.raises(ValueError, match=rf'changed\.pth is damaged .*{rule}'):
        load_trained_model(path, small_config, 'cpu')


@pytest.mark.parametrize('content', [[1], 3, torch.zeros(2), 'text'])
def test_what_is_no_dict_is_refused(tmp_path, small_config, content):
    torch.save(content, tmp_path / 'a.pth')
    with pytest.raises(
        ValueError, match=r'a\.pth is damaged .*must be a dict'
    ):
        load_trained_model(str(tmp_path / 'a.pth'), small_config, 'cpu')


#: Shallow enough for JSON, too deep for a Config.
DEEP = (
    '{"default_scope": "mmpretrain", "model": {"neck": '
    + 480 * '['
    + 480 * ']'
    + '}, "test_dataloader": {"dataset": '
    '{"type": "mmwsml.PartialLabelDataset", "pipeline": []}}}'
)


@pytest.mark.parametrize(
    'text', ['[]', '7', '{"a": ' + '[' * 100_000, DEEP], ids=len
)
def test_a_config_of_another_type_is_refused(text):
    with pytest.raises(ValueError, match='x: holds a damaged config'):
        read_config(text, 'x')


@pytest.fixture
def publish_changed(small_checkpoint, small_config, tmp_path):
    """Publish a model, and let a function change what the file says."""

    def publish(function):
        path = publish_model(small_checkpoint, small_config)
        content = torch.load(path)
        config = json.loads(content['meta']['inference_config'])
        function(content['meta'], config)
        content['meta']['inference_config'] = json.dumps(config)
        torch.save(content, tmp_path / 'changed.pth')
        return str(tmp_path / 'changed.pth')

    return publish


def add_step(**step):
    """Return a change that adds a transform."""

    def change(meta, config):
        config['test_dataloader']['dataset']['pipeline'].append(step)

    return change


@pytest.mark.parametrize(
    'change',
    [
        add_step(
            type='torchvision/ConvertImageDtype',
            dtype='float32 and __import__("os").mkdir("made")',
        ),
        add_step(type='Resize', scale=8, _scope_='antigravity'),
        add_step(type='mmwsml.LoadObservedLabels', ann_file='labels.json'),
        add_step(type='mmwsml.LoadFeatures', folder='features'),
        add_step(type='ImageClassifier'),
        lambda meta, config: config['model'].update(_scope_='antigravity'),
        lambda meta, config: config['model'].update(pretrained='x.pth'),
        lambda meta, config: config['model']['backbone'].update(
            init_cfg=dict(type='Pretrained', checkpoint='file:///x.pth')
        ),
        lambda meta, config: config['model'].update(
            backbone=dict(type='TIMMBackbone', model_name='hf-hub:a/b')
        ),
        lambda meta, config: config['model'].update(
            type='HuggingFaceClassifier', model_name='a/b'
        ),
        lambda meta, config: config['model']['head'].update(
            loss=dict(type='mmwsml.Hill', table='x.pkl')
        ),
        lambda meta, config: config.update(
            custom_imports=dict(imports=['antigravity'])
        ),
    ],
)
def test_a_published_config_runs_opens_and_asks_for_nothing(
    publish_changed, change, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    path = publish_changed(change)
    with pytest.raises(
        ValueError, match=r'changed\.pth: its config names .*;'
    ):
        MultiLabelInferencer(path)
    assert not (tmp_path / 'made').exists()


@pytest.mark.parametrize(
    'change',
    [
        lambda meta, config: config.update(default_scope='mmengine'),
        lambda meta, config: config.update(text='a'),
        lambda meta, config: config.update(model=3),
        lambda meta, config: config['test_dataloader'].update(dataset=[]),
        lambda meta, config: config['test_dataloader'].update(workers=3),
    ],
)
def test_a_published_config_has_the_form_that_publishing_gives_it(
    publish_changed, change
):
    with pytest.raises(ValueError, match='holds a damaged config'):
        load_trained_model(publish_changed(change))


@pytest.mark.parametrize('values', ['t.json', [0.5, 't.json', 0.5], 0.5, []])
def test_thresholds_in_a_checkpoint_open_no_file(
    publish_changed, values, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    content = dict(classes=['cat', 'dog', 'emu'], thresholds=[0.5] * 3)
    (tmp_path / 't.json').write_text(json.dumps(content))
    path = publish_changed(lambda meta, _: meta.update(thresholds=values))
    with pytest.raises(ValueError, match='thresholds` '):
        MultiLabelInferencer(path)


def test_a_config_of_other_classes_is_refused(small_checkpoint, small_config):
    cfg = Config.fromfile(small_config)
    for names in (('cat', 'dog', 'emu'), ('dog', 'cat', 'emu')):
        cfg.test_dataloader.dataset.metainfo = dict(classes=names)
        if names[0] == 'cat':
            load_trained_model(small_checkpoint, cfg)
            continue
        message = "the config calls class 0 'dog', but .* with 'cat' there: u"
        with pytest.raises(ValueError, match=message):
            load_trained_model(small_checkpoint, cfg)
