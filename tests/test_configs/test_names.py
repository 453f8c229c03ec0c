"""A config is what its name says."""

from pathlib import Path

DATASETS = {
    'digitscenes': 'mmwsml.DigitScenes',
    'coco18': 'mmwsml.PartialLabelDataset',
    'images': 'mmwsml.PartialLabelDataset',
    'voc12': 'mmwsml.VOCMultiLabel',
    'coco14': 'mmwsml.COCOMultiLabel',
    'nusspml': 'mmwsml.NUSWIDE',
    'cub': 'mmwsml.CUBAttributes',
    'openimagesv3': 'mmwsml.OpenImages',
}


def reader(dataset):
    """Return the data set inside what holds out images."""
    if dataset.type != 'mmwsml.ValidationSplit':
        return dataset
    return dataset.dataset


def transforms(cfg):
    """Name the transforms of the training pipeline."""
    pipeline = reader(cfg.train_dataloader.dataset).pipeline
    return {transform.type: transform for transform in pipeline}


def test_a_leaf_has_at_most_25_lines(leaf, configs):
    assert len((configs / leaf[0]).read_text().splitlines()) <= 25


def test_the_name_says_batch_schedule_and_epochs(leaf):
    path, name, cfg = leaf
    assert path.parent == Path(name['method'])
    total = int(name['gpus']) * int(name['batch'])
    assert cfg.train_dataloader.batch_size == int(name['batch'])
    assert cfg.auto_scale_lr.base_batch_size == total
    optimizer = cfg.optim_wrapper.optimizer.type.lower()
    closed = cfg.train_cfg.get('type') == 'mmwsml.ClosedFormLoop'
    schedules = (optimizer, f'{optimizer}-linearinit')
    assert name['schedule'] in (('closed-form',) if closed else schedules)
    assert cfg.train_cfg.max_epochs == int(name['epochs'])


def test_the_name_says_backbone_and_initial_weights(leaf):
    _, name, cfg = leaf
    backbone = cfg.model.backbone
    if name['backbone'].endswith('-features'):  # the name says whose
        assert backbone.type == 'mmwsml.PrecomputedFeatures'
        return
    kind = backbone.type.split('.')[-1] + str(backbone.get('depth', ''))
    assert kind.lower() == name['backbone'].replace('-', '')
    assert bool(name['init']) == ('init_cfg' in backbone)
    weights = backbone.get('init_cfg', {}).get('checkpoint', '')
    if kind.startswith('ResNet'):  # not the weights of another depth
        assert weights == f'torchvision://{name["backbone"]}'


def test_the_name_says_data_labels_and_size(leaf):
    _, name, cfg = leaf
    dataset, names = reader(cfg.train_dataloader.dataset), transforms(cfg)
    assert dataset.type == DATASETS[name['dataset']]
    assert ('mmwsml.KeepOnePositive' in names) == (name['labels'] == '1pos')
    partial = dataset.get('labels') == 'partial'
    partial = partial or dataset.type == 'mmwsml.OpenImages'
    assert partial == (name['labels'] == 'org')
    fraction = names.get('mmwsml.KeepKnownFraction', {}).get('fraction')
    assert (fraction is not None) == name['labels'].endswith('pct')
    if 'mmwsml.LoadFeatures' in names:  # the name says of which images
        return
    px = int(name['px'] or 0)
    if 'RandomResizedCrop' in names:
        assert names['RandomResizedCrop'].scale == px
        return
    assert names.get('Resize', {}).get('scale') == ((px, px) if px else None)


def test_only_full_label_models_take_complete_labels(leaf):
    _, name, cfg = leaf
    labels = cfg.model.head.get('labels', 'partial')
    assert (labels == 'complete') == (name['labels'] == 'full')


def test_evaluation_hides_no_label(leaf):
    _, _, cfg = leaf
    assert cfg.data_preprocessor.num_classes == cfg.model.head.num_classes
    for loader in (cfg.val_dataloader, cfg.test_dataloader):
        dataset = reader(loader.dataset)
        assert dataset.get('labels', 'complete') == 'complete'
        hiding = [t for t in dataset.pipeline if 'Keep' in t.type]
        assert not hiding
