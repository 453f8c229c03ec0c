import json
import os
from pathlib import Path

import pytest

from mmwsml.datasets import COCOMultiLabel

#: As strings, 1000 comes before 25.
IMAGES = {25: [0, 79], 1000: [3], 9: [], 26: [7, 7, 2]}
ANN_FILE = 'annotations/instances_train2014.json'


@pytest.fixture
def root(tmp_path, write_layout):
    write_layout('coco14', tmp_path, dict(train2014=IMAGES))
    return tmp_path


def read(root, **kwargs):
    return COCOMultiLabel(
        ANN_FILE, data_root=str(root), data_prefix='train2014', **kwargs
    )


def change(root, function):
    """Change the content of the file of instances in place."""
    content = json.loads((root / ANN_FILE).read_text())
    function(content)
    (root / ANN_FILE).write_text(json.dumps(content))


def read_with_loops(path):
    """List (file name, positives) of the annotated images."""
    content = json.loads(path.read_text())
    columns = [category['id'] for category in content['categories']]
    entries = []
    for image in sorted(content['images'], key=lambda info: str(info['id'])):
        labels = set()
        for annotation in content['annotations']:
            if annotation['image_id'] == image['id']:
                labels.add(columns.index(annotation['category_id']))
        if labels:
            entries.append((image['file_name'], sorted(labels)))
    return entries


def contents(dataset):
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    return [(Path(i['img_path']).name, i['gt_label']) for i in infos]


def test_lists_annotated_images_sorted_by_id_as_strings(root):
    dataset = read(root)
    assert contents(dataset) == [
        ('COCO_train2014_000000001000.jpg', [3]),
        ('COCO_train2014_000000000025.jpg', [0, 79]),
        ('COCO_train2014_000000000026.jpg', [2, 7]),
    ]
    assert contents(dataset) == read_with_loops(root / ANN_FILE)
    assert 'Unlabelled, left out: \t1' in repr(dataset)


def test_classes_are_in_the_order_of_the_categories(root):
    change(root, lambda content: content['categories'].reverse())
    dataset = read(root)
    assert dataset.metainfo['classes'][0] == 'c79'
    assert dataset.get_cat_ids(1) == [0, 79]
    assert dataset.get_cat_ids(0) == [76]


def test_a_crowd_annotation_counts(root):
    crowd = dict(
        image_id=9,
        category_id=1,
        iscrowd=1,
        segmentation=dict(counts=[1, 2], size=[8, 12]),
    )
    change(root, lambda content: content['annotations'].append(crowd))
    assert contents(read(root))[-1] == ('COCO_train2014_000000000009.jpg', [0])


def test_the_image_has_an_identity_and_complete_labels(root):
    info = read(root).get_data_info(1)
    assert info['sample_id'] == 'coco14/COCO_train2014_000000000025.jpg'
    assert os.path.isfile(info['img_path'])
    assert 'neg_label' not in info


def test_knows_the_size_of_the_published_set_only(root):
    assert read(root).known_size == 82081
    assert read(root, namespace='mine').known_size is None


@pytest.mark.parametrize(
    'key, entry, rule',
    [
        ('annotations', dict(image_id=7, category_id=1), 'got image 7'),
        ('annotations', dict(image_id=25, category_id=81), 'category 81'),
        ('annotations', dict(image_id=25), "must have .'image_id', 'categ"),
        ('annotations', [], r'numbers or texts, but got \(None, None\)'),
        ('images', dict(id=25, file_name='x.jpg'), '`id` of its own'),
        ('images', dict(id=99), r"must have .'id', 'file_name'.*\(99, None"),
        ('categories', dict(id=80, name='x'), 'has 80 as c79 has; correct'),
    ],
)
def test_refuses_a_broken_entry_and_names_it(root, key, entry, rule):
    change(root, lambda content: content[key].append(entry))
    with pytest.raises(ValueError, match=rf'2014\.json: {key}\[\d+\].*{rule}'):
        read(root)
    if key == 'categories':  # its loss would renumber the classes
        with pytest.raises(ValueError, match='own'):
            read(root, skip_bad=True)
    else:
        dataset = read(root, skip_bad=True)
        assert len(dataset) == 3 and len(dataset.faults) == 1


@pytest.mark.parametrize(
    'text, rule',
    [
        ('{"images": [', 'must be JSON, but Expecting'),
        ('[]', "the lists .*, but lacks .'images', 'annotations', 'cat"),
        ('{"images": [], "categories": []}', r"lacks \['annotations'\]"),
        ('{"images": [], "categories": [], "annotations": []}', 'a list of'),
    ],
)
def test_refuses_a_file_that_is_not_one_of_instances(root, text, rule):
    (root / ANN_FILE).write_text(text)
    with pytest.raises(ValueError, match=rf'2014\.json: .*{rule}'):
        read(root)


def test_refuses_text_that_is_not_utf8(root):
    (root / ANN_FILE).write_bytes(b'{"images": "\xe9"}')
    with pytest.raises(
        ValueError, match=r'must be JSON, but it holds a text that is not'
    ):
        read(root)


@pytest.mark.realdata
@pytest.mark.parametrize('split, size', [('train', 206), ('val', 204)])
def test_equals_loops_on_real_annotations(real_data, split, size):
    root = real_data / 'coco_mini'
    ann_file = f'annotations/instances_{split}2017.json'
    dataset = COCOMultiLabel(
        ann_file,
        namespace='coco17',
        data_root=str(root),
        data_prefix=f'{split}2017',
    )
    assert len(dataset) == size and len(dataset.metainfo['classes']) == 80
    assert contents(dataset) == read_with_loops(root / ann_file)


@pytest.mark.realdata
def test_the_list_of_2014_has_the_known_size_and_80_classes(real_data):
    lists = real_data / 'lists' / 'spml_lists'
    lines = (lists / 'coco_train_full.txt').read_text().splitlines()
    names, labels = zip(*(line.split(',') for line in lines))
    known = COCOMultiLabel.KNOWN_SIZES['coco14', 'instances_train2014']
    assert len(set(names)) == len(names) == known
    assert {k for text in labels for k in map(int, text.split())} == set(
        range(80)
    )


def add_boxes(content):
    for number, annotation in enumerate(content['annotations']):
        annotation['bbox'] = [number, 2, 10.5, 20]


def test_reads_the_boxes_of_each_image(root):
    change(root, add_boxes)
    content = json.loads((root / ANN_FILE).read_text())
    dataset = read(root, with_boxes=True)
    for index, image in enumerate([1000, 25, 26]):
        expected = [
            dict(
                bbox=[number, 2, number + 10.5, 22],
                bbox_label=IMAGES[image][place],
            )
            for place, number in enumerate(
                number
                for number, annotation in enumerate(content['annotations'])
                if annotation['image_id'] == image
            )
        ]
        found = dataset.get_data_info(index)
        assert found['instances'] == expected
        assert found['gt_label'] == sorted(set(IMAGES[image]))
    assert 'instances' not in read(root).get_data_info(0)


@pytest.mark.parametrize('box', [None, [1, 2, 3], 'abcd', [1, 2, 3, None]])
def test_refuses_an_annotation_without_a_box(root, box):
    change(root, add_boxes)

    def damage(content):
        content['annotations'][0]['bbox'] = box

    change(root, damage)
    with pytest.raises(ValueError, match=r'annotations\[0\] must have `bbox`'):
        read(root, with_boxes=True)
    infos = read(root, with_boxes=True, skip_bad=True)
    boxes = [infos.get_data_info(n)['instances'] for n in range(3)]
    assert sum(map(len, boxes)) == sum(map(len, IMAGES.values())) - 1


def test_leaves_the_placeholder_of_roboflow_out(root, logged):
    def add(content):
        for category in content['categories']:
            category['supercategory'] = 'things'
        placeholder = dict(id=0, name='things', supercategory='none')
        content['categories'].insert(0, placeholder)

    change(root, add)
    dataset = read(root)
    assert dataset.metainfo['classes'][0] == 'c0'
    assert contents(dataset)[0] == ('COCO_train2014_000000001000.jpg', [3])
    assert any("the category 'things' is left out" in x for x in logged)


@pytest.mark.parametrize(
    'name, rule',
    [('c0', "holds 'c0' twice"), (' ', "holds ' '"), (7, r'got \(6, 7\)')],
)
def test_refuses_categories_that_could_be_mixed_up(root, name, rule):
    change(root, lambda content: content['categories'][5].update(name=name))
    with pytest.raises(ValueError, match=rf'2014\.json: .*{rule}'):
        read(root)
