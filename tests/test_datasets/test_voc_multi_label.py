import os
from pathlib import Path

import pytest
from mmpretrain.datasets import VOC
from mmpretrain.datasets.categories import VOC2007_CATEGORIES

from mmwsml.datasets import VOCMultiLabel

#: Not sorted, since the files of other sets need not be.
IMAGES = {
    '2008_000015': [4],
    '2008_000008': [12, 14],
    '2008_000021': [0, 19],
    '2008_000023': [],
}


@pytest.fixture
def root(tmp_path, write_layout):
    write_layout('voc12', tmp_path, dict(train=IMAGES))
    return tmp_path


def class_file(root, name, split='train'):
    return root / f'ImageSets/Main/{name}_{split}.txt'


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def read_with_loops(root, split):
    """List (image, positives), sorted, of the images with a 1."""
    labels = {}
    for index, name in enumerate(VOC2007_CATEGORIES):
        for line in class_file(root, name, split).read_text().splitlines():
            image, value = line.split()
            if int(value) == 1:
                labels.setdefault(image, []).append(index)
    return sorted(labels.items())


def contents(dataset):
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    return [(Path(i['img_path']).stem, i['gt_label']) for i in infos]


def test_reads_the_ones_of_the_class_files_sorted_by_name(root):
    dataset = VOCMultiLabel('train', str(root))
    assert contents(dataset) == [
        ('2008_000008', [12, 14]),
        ('2008_000015', [4]),
        ('2008_000021', [0, 19]),
    ]
    assert contents(dataset) == read_with_loops(root, 'train')


def test_an_image_without_a_one_is_counted_not_listed(root):
    dataset = VOCMultiLabel('train', str(root))
    assert len(dataset) == 3 and dataset.num_unlisted == 1
    assert 'Unlabelled, left out: \t1' in repr(dataset)


def test_difficult_is_negative(root):
    edit(class_file(root, 'horse'), '2008_000008  1', '2008_000008  0')
    assert VOCMultiLabel('train', str(root)).get_cat_ids(0) == [14]


def test_labels_are_complete_and_the_image_has_an_identity(root):
    info = VOCMultiLabel('train', str(root)).get_data_info(0)
    assert info['sample_id'] == 'voc12/2008_000008.jpg'
    assert os.path.isfile(info['img_path'])
    assert 'neg_label' not in info


def test_knows_the_size_of_the_published_set(root, write_layout):
    write_layout('voc12', root, dict(val=IMAGES, test=IMAGES))
    sizes = dict(train=5717, val=5823, test=None)
    for split, size in sizes.items():
        assert VOCMultiLabel(split, str(root)).known_size == size
    voc07 = VOCMultiLabel('test', str(root), namespace='voc07')
    assert voc07.known_size == 4952


@pytest.mark.parametrize(
    'old, new, rule',
    [
        ('2008_000021  1', '2008_000021 2', r'line 3: it must be a name and'),
        ('2008_000021  1', '2008_000021', r"of \('1', '0', '-1'\), but got"),
        ('2008_000021  1', '2008_000021 1 1', "'2008_000021 1 1'; correct"),
        ('2008_000021', '2008_000008', 'line 3: 2008_000008 must be listed'),
        ('2008_000021  1\n', '', '2008_000021 is missing, which another'),
        ('2008_000021', '2008_000022', '2008_000022 is missing, which'),
    ],
)
def test_refuses_a_broken_class_file(root, old, new, rule):
    edit(class_file(root, 'aeroplane'), old, new)
    with pytest.raises(ValueError, match=rf'_train\.txt.*{rule}'):
        VOCMultiLabel('train', str(root))


def test_a_broken_line_costs_its_image_if_that_may_be(root):
    edit(class_file(root, 'cat'), '2008_000021 -1', '2008_000021 x')
    dataset = VOCMultiLabel('train', str(root), skip_bad=True)
    names = [name for name, _ in contents(dataset)]
    assert names == ['2008_000008', '2008_000015']
    assert 'cat_train.txt, line 3' in dataset.faults[0]


def test_refuses_a_missing_class_file(root):
    class_file(root, 'sofa').unlink()
    with pytest.raises(FileNotFoundError, match=r'sofa_train\.txt: No such'):
        VOCMultiLabel('train', str(root))


def test_refuses_an_empty_split(tmp_path, write_layout):
    write_layout('voc12', tmp_path, dict(train={}))
    with pytest.raises(ValueError, match='Main: no image is left'):
        VOCMultiLabel('train', str(tmp_path))


@pytest.mark.realdata
@pytest.mark.parametrize('split, size', [('trainval', 160), ('test', 162)])
def test_equals_loops_and_the_boxes_on_real_photographs(
    real_data, split, size
):
    root = real_data / 'coco_in_voc_layout' / 'VOC2007'
    dataset = VOCMultiLabel(split, str(root), namespace='voc07')
    assert len(dataset) == size
    assert contents(dataset) == read_with_loops(root, split)
    # MMPretrain reads the boxes: the same labels where no image is empty.
    host = VOC(str(root), split)
    for i in range(size):
        assert dataset.get_cat_ids(i) == sorted(host.get_cat_ids(i))
        paths = [d.get_data_info(i)['img_path'] for d in (dataset, host)]
        assert paths[0] == paths[1]


@pytest.mark.realdata
@pytest.mark.parametrize('split', ['train', 'val'])
def test_the_list_of_2012_is_sorted_and_has_the_known_size(real_data, split):
    path = real_data / f'lists/spml_lists/voc_{split}.txt'
    names = [line.split(',')[0] for line in path.read_text().splitlines()]
    assert names == sorted(names)
    assert len(names) == VOCMultiLabel.KNOWN_SIZES['voc12', split]


def write_boxes(root, image, *objects):
    """Write the XML file of an image; an object is a class and four sides."""
    sides = ('xmin', 'ymin', 'xmax', 'ymax')
    lines = []
    for name, *box in objects:
        tags = ''.join(f'<{k}>{v}</{k}>' for k, v in zip(sides, box))
        lines.append(
            f'<object><name>{name}</name><bndbox>{tags}</bndbox></object>'
        )
    path = root / 'Annotations' / f'{image}.xml'
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'<annotation>{"".join(lines)}</annotation>')


def test_reads_the_boxes_of_an_image_from_pixel_0(root):
    objects = ('person', 1, 2, 30, 40), ('horse', 5, 6, 7.5, 8)
    write_boxes(root, '2008_000008', *objects)
    dataset = VOCMultiLabel('train', str(root), with_boxes=True)
    assert dataset.get_data_info(0)['instances'] == [
        dict(bbox=[0, 1, 30, 40], bbox_label=14),
        dict(bbox=[4, 5, 7.5, 8], bbox_label=12),
    ]
    plain = VOCMultiLabel('train', str(root))
    assert 'instances' not in plain.get_data_info(0)


@pytest.mark.parametrize(
    'damage',
    [
        lambda path: path.unlink(),
        lambda path: path.write_text('<annotation>'),
        lambda path: edit(path, 'person', 'unicorn'),
        lambda path: edit(path, '<xmin>1</xmin>', ''),
    ],
)
def test_refuses_a_file_of_boxes_that_is_missing_or_broken(root, damage):
    write_boxes(root, '2008_000008', ('person', 1, 2, 30, 40))
    damage(root / 'Annotations' / '2008_000008.xml')
    dataset = VOCMultiLabel('train', str(root), with_boxes=True)
    with pytest.raises(ValueError, match=r'2008_000008\.xml: must be an XML'):
        dataset.get_data_info(0)
