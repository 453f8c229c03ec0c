"""The paper's draw of labels, through the configs and against loops."""

import json
from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config
from mmpretrain.datasets.categories import VOC2007_CATEGORIES

from mmwsml.datasets import COCOMultiLabel, VOCMultiLabel
from mmwsml.label_files.observed_labels_file import load_observed_labels
from mmwsml.registry import DATASETS

ROOT = Path(__file__).parents[2]
TOOL = 'dataset_converters/observe_labels'
#: Set -> its folder below MMWSML_DATA, its splits and classes.
SETS = {
    'voc12': ('VOCdevkit/VOC2012', 'train', 'val', 20),
    'coco14': ('coco', 'train2014', 'val2014', 80),
    'nusspml': ('nuswide', 'train', 'test', 81),
    'cub': ('cub', 'train', 'test', 312),
}
PREFIXES = dict(voc12='voc12', coco14='coco14', nusspml='nus_spml', cub='cub')


def draw_with_loops(present, num_classes):
    """Keep one positive an image, word by word as the protocol says."""
    rng, kept = np.random.RandomState(1200), []
    for labels in present:
        y = np.zeros(num_classes)
        y[labels] = 1
        positives = [k for k in range(num_classes) if y[k] == 1]
        negatives = [k for k in range(num_classes) if y[k] == 0]
        rng.shuffle(positives)
        rng.shuffle(negatives)
        kept.append(positives[:1])
    return kept


def make_images(name, num_images, num_classes, first=0):
    """Name images in an order of files; label them with 0 to 4 classes."""
    rng = np.random.RandomState(first)
    # As numbers 9 < 25 < 101 < 1000, as texts another order.
    numbers = rng.permutation([9, 25, 101, 1000, 7, 88, 300, 45, 2, 61])
    numbers = [int(number) + first for number in numbers[:num_images]]
    names = {
        'voc12': [f'2008_{number:06}' for number in numbers],
        'coco14': numbers,
        'nusspml': [f'zoo/{number}.jpg' for number in numbers],
        'cub': [f'001.A/{number}.jpg' for number in numbers],
    }[name]
    labels = [
        sorted(rng.permutation(num_classes)[:count].tolist())
        for count in rng.permutation([0, 1, 2, 3, 4] * 2)[:num_images]
    ]
    return dict(zip(names, labels))


def arrange(name, images, split):
    """List identity and labels of the images, in the official order."""
    if name == 'voc12':
        pairs = [(x, images[x]) for x in sorted(images) if images[x]]
        pairs = [(f'{x}.jpg', labels) for x, labels in pairs]
    elif name == 'coco14':
        pairs = [(x, images[x]) for x in sorted(images, key=str) if images[x]]
        pairs = [(f'COCO_{split}_{x:012}.jpg', y) for x, y in pairs]
    else:
        pairs = list(images.items())
    return [(f'{PREFIXES[name]}/{x}', labels) for x, labels in pairs]


def find_config(name):
    """Find the config of LL-R on a set, end to end."""
    found = (ROOT / 'configs/ll-r').glob(f'*_{name}-1pos-448px.py')
    (config,) = (path for path in found if 'linearinit' not in path.stem)
    return config


@pytest.fixture(params=SETS)
def miniature(request, tmp_path, monkeypatch, write_layout):
    """Write a set; return its config and the draw of each split by loops."""
    name = request.param
    folder, train, test, num_classes = SETS[name]
    splits = {
        train: make_images(name, 10, num_classes),
        test: make_images(name, 6, num_classes, first=2000),
    }
    write_layout(name, tmp_path / folder, splits)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    config = find_config(name)
    drawn = {}
    for split, images in splits.items():
        ids, present = zip(*arrange(name, images, split))
        kept = draw_with_loops(present, num_classes)
        drawn['train' if split == train else 'test'] = dict(zip(ids, kept))
    assert any(len(labels) > 1 for labels in present)
    return config, drawn


@pytest.fixture
def observe(run_tool, tmp_path):
    """Run the tool; return the labels it wrote."""

    def run(config, *args, options=()):
        run_tool(TOOL, config, '--out', 'seen.jsonl', *args, options=options)
        return load_observed_labels(str(tmp_path / 'seen.jsonl'))

    return run


PAPER = ('--generator', 'spml', '--seed', 1200)
INNER = 'train_dataloader.dataset'


@pytest.mark.parametrize('split', ['train', 'val', 'test'])
def test_the_draw_is_the_papers_through_the_configs(miniature, observe, split):
    config, drawn = miniature
    labels = observe(config, *PAPER, '--split', split)
    found = {image.sample_id: image.positives for image in labels}
    expected = drawn['test' if split == 'test' else 'train']
    assert found == expected and list(found) == list(expected)
    assert all(image.negatives == [] for image in labels)


@pytest.mark.parametrize(
    'option',
    ['keep_images=0.5', 'dataset.indices=5', 'dataset.keep_images=0.6'],
)
@pytest.mark.parametrize('miniature', ['coco14'], indirect=True)
def test_images_that_are_left_out_take_part_in_the_draw(
    miniature, observe, option
):
    config, drawn = miniature
    labels = observe(config, *PAPER, options=[f'{INNER}.{option}'])
    found = {image.sample_id: image.positives for image in labels}
    assert found == drawn['train']


def wrap(config):
    """Wrap the parts of a training set, as configs may."""
    cfg = Config.fromfile(config)
    inner = cfg.train_dataloader.dataset.dataset.to_dict()
    halves = [dict(inner, indices=list(part)) for part in ((0, 1), (2, 3))]
    both = dict(type='ConcatDataset', datasets=halves)
    twice = dict(type='RepeatDataset', times=2, dataset=both)
    cfg.train_dataloader.dataset = twice
    return cfg


@pytest.mark.parametrize('miniature', ['cub'], indirect=True)
def test_other_wrappers_are_looked_through(miniature, observe, tmp_path):
    config, drawn = miniature
    wrap(config).dump(tmp_path / 'wrapped.py')
    labels = observe('wrapped.py', *PAPER)
    found = {image.sample_id: image.positives for image in labels}
    assert found == drawn['train']


def serve(config, path):
    """Read a file of observed labels in the training set of a config."""
    cfg = Config.fromfile(config).train_dataloader.dataset
    load = dict(type='mmwsml.LoadObservedLabels', ann_file=str(path))
    cfg.dataset.pipeline = [load]
    dataset = DATASETS.build(cfg)
    return {
        x['sample_id']: x['gt_label']
        for x in map(dataset.__getitem__, range(len(dataset)))
    }


def test_the_file_serves_the_split(miniature, observe, tmp_path):
    config, drawn = miniature
    observe(config, *PAPER)
    served = serve(config, tmp_path / 'seen.jsonl')
    assert 5 < len(served) < len(drawn['train'])
    assert served.items() <= drawn['train'].items()


def to_matrix(drawn, num_classes):
    """Write a draw as the authors do, a row an image."""
    matrix = np.zeros((len(drawn), num_classes))
    for row, labels in enumerate(drawn):
        matrix[row, labels] = 1
    return matrix


def test_the_authors_matrix_of_the_whole_set_is_read(
    miniature, observe, tmp_path
):
    config, drawn = miniature
    num_classes = SETS[config.stem.split('_')[-1].split('-')[0]][-1]
    np.save(
        tmp_path / 'obs.npy', to_matrix(drawn['train'].values(), num_classes)
    )
    labels = observe(config, '--read', 'obs.npy')
    found = {image.sample_id: image.positives for image in labels}
    assert found == drawn['train']
    assert serve(config, tmp_path / 'seen.jsonl').items() <= found.items()


def test_a_list_of_the_whole_set_is_read(miniature, observe, tmp_path):
    config, drawn = miniature
    lines = [
        f'{sample_id.partition("/")[2]},{" ".join(map(str, labels))}'
        for sample_id, labels in drawn['train'].items()
    ]
    (tmp_path / 'list.txt').write_text('\n'.join(lines))
    labels = observe(config, '--read', 'list.txt')
    found = {image.sample_id: image.positives for image in labels}
    assert found == drawn['train']


@pytest.fixture
def voc(tmp_path, monkeypatch, write_layout):
    """Write a small VOC; return its config."""
    images = make_images('voc12', 10, 20)
    write_layout('voc12', tmp_path / SETS['voc12'][0], dict(train=images))
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    return ROOT / 'configs/_base_/datasets/voc12-1pos-448px.py'


def set_known(monkeypatch, size):
    sizes = {('voc12', 'train'): size}
    monkeypatch.setattr(VOCMultiLabel, 'KNOWN_SIZES', sizes)


def test_the_header_says_that_the_draw_is_the_papers(
    voc, observe, monkeypatch, capsys
):
    set_known(monkeypatch, 8)
    made = observe(voc, *PAPER).made
    assert made.get('official') is True and 'not_official' not in made
    assert (
        "The paper's own draw, of the whole official" in capsys.readouterr()[0]
    )


CLASSES = ','.join(VOC2007_CATEGORIES[::-1])


@pytest.mark.parametrize(
    'seed, size, options, reason',
    [
        (1200, 5717, (), 'has 8 images and the published set 5717'),
        (0, 8, (), 'the seed is 0 and not 1200'),
        (1200, 8, [f'{INNER}.dataset.namespace=mine'], 'no published set'),
        (
            1200,
            8,
            [f'{INNER}.dataset.metainfo.classes=[{CLASSES}]'],
            'the classes of VOCMultiLabel are not in the official order',
        ),
    ],
)
def test_a_draw_that_is_not_the_papers_says_why(
    voc, observe, monkeypatch, capsys, seed, size, options, reason
):
    set_known(monkeypatch, size)
    labels = observe(
        voc, '--generator', 'spml', '--seed', seed, options=options
    )
    assert labels.made.get('official') is False
    assert reason in labels.made['not_official']
    assert f"not the paper's own draw: {labels.made['not_official']}" in (
        capsys.readouterr().out
    )


@pytest.mark.slow
@pytest.mark.realdata
def test_the_draw_of_coco_2014_is_the_papers(
    real_data, observe, tmp_path, monkeypatch
):
    lines = (real_data / 'lists/spml_lists/coco_train_full.txt').read_text()
    rows = [line.split(',') for line in lines.splitlines()]
    present = {name: sorted(map(int, text.split())) for name, text in rows}
    write_instances(tmp_path / 'coco', present)
    monkeypatch.setenv('MMWSML_DATA', str(tmp_path))
    monkeypatch.setattr(COCOMultiLabel, 'make_infos', without_images)
    labels = observe(find_config('coco14'), *PAPER)
    names = sorted(present, key=lambda name: str(int(name[-16:-4])))
    kept = draw_with_loops([present[name] for name in names], 80)
    assert len(kept) == 82081 and labels.made.get('official') is True
    found = [(image.sample_id, image.positives) for image in labels]
    assert found == list(zip([f'coco14/{name}' for name in names], kept))


def write_instances(root, present):
    """Write annotations of images by name, one of each a crowd."""
    ids = {name: int(name[-16:-4]) for name in present}
    content = dict(
        images=[dict(id=ids[name], file_name=name) for name in present],
        annotations=[
            dict(
                image_id=ids[name], category_id=k, iscrowd=int(k == labels[0])
            )
            for name, labels in present.items()
            for k in labels
        ],
        categories=[dict(id=k, name=f'c{k}') for k in range(80)],
    )
    (root / 'annotations').mkdir(parents=True)
    path = root / 'annotations/instances_train2014.json'
    path.write_text(json.dumps(content))


def without_images(dataset, entries):
    """Stand in for the reader's method that looks for each image."""
    return [
        dict(img_path=x, sample_id=f'coco14/{x}', gt_label=labels)
        for x, labels in entries
    ]
