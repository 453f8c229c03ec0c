import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from mmengine.logging import MMLogger
from mmpretrain.datasets import MultiLabelDataset
from PIL import Image

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.transforms import KeepOnePositive

NOT_UTF8 = os.fsdecode(b'caf\xe9.png')
THREE = [
    dict(img_path='1.png', gt_label=[0], neg_label=[2]),
    dict(img_path='2.png', gt_label=[1, 2]),
    dict(img_path='3.png', gt_label=[]),
]


def entry(**changes):
    """Make an entry, changed; None takes a key away."""
    info = dict(img_path='1.png', gt_label=[0])
    info.update(changes)
    return {key: value for key, value in info.items() if value is not None}


def test_reads_known_positives_and_negatives(write_dataset):
    dataset = PartialLabelDataset(**write_dataset(THREE))
    infos = [dataset.get_data_info(i) for i in range(3)]
    assert [info['gt_label'] for info in infos] == [[0], [1, 2], []]
    assert [info['neg_label'] for info in infos] == [[2], [], []]


def test_reads_the_labels_that_mmpretrain_reads(write_dataset):
    kwargs = write_dataset(THREE)
    ours, host = PartialLabelDataset(**kwargs), MultiLabelDataset(**kwargs)
    assert len(ours) == len(host) == 3
    for i in range(3):
        assert ours.get_cat_ids(i) == host.get_cat_ids(i)
        paths = [d.get_data_info(i)['img_path'] for d in (ours, host)]
        assert paths[0] == paths[1] and os.path.isfile(paths[0])


def test_complete_labels_have_no_neg_label(write_dataset):
    kwargs = write_dataset(THREE[1:])
    dataset = PartialLabelDataset(labels='complete', **kwargs)
    assert 'neg_label' not in dataset.get_data_info(0)


def test_sample_id_is_namespace_and_relative_path(write_dataset):
    kwargs = write_dataset(THREE)
    dataset = PartialLabelDataset(namespace='pets', **kwargs)
    ids = [dataset.get_data_info(i)['sample_id'] for i in range(3)]
    assert ids == ['pets/1.png', 'pets/2.png', 'pets/3.png']


def test_sample_id_survives_moving_the_data(write_dataset, tmp_path):
    kwargs = [write_dataset(THREE, root=tmp_path / x) for x in ('a', 'b/c')]
    here, there = (PartialLabelDataset(**k).get_data_info(0) for k in kwargs)
    assert here['img_path'] != there['img_path']
    assert here['sample_id'] == there['sample_id']


def test_sample_id_does_not_depend_on_the_position(write_dataset):
    dataset = PartialLabelDataset(indices=[2], **write_dataset(THREE))
    assert len(dataset) == 1
    assert dataset.get_data_info(0)['sample_id'] == 'images/3.png'


@pytest.mark.parametrize(
    'info, rule',
    [
        (entry(gt_label=None), '`gt_label` is missing; add it to the entry'),
        (entry(gt_label=[3]), r'`gt_label` must hold integers in \[0, 3\)'),
        (entry(gt_label=[-1]), 'the indices of the classes, got -1'),
        (entry(gt_label=[1.0]), 'the indices of the classes, got 1.0'),
        (entry(gt_label=[True]), 'the indices of the classes, got True'),
        (entry(gt_label=['cat']), "the indices of the classes, got 'cat'"),
        (entry(gt_label=1), '`gt_label` must be a list of class indices'),
        (entry(neg_label=[3]), r'`neg_label` must hold integers in \[0, 3\)'),
        (entry(neg_label=2), '`neg_label` must be a list of class indices'),
        (entry(gt_label=[0, 0]), '`gt_label` must name a class once'),
        (entry(neg_label=[0]), 'class 0 is in `gt_label` and in `neg_label`'),
    ],
)
def test_refuses_a_wrong_entry_and_names_it(write_dataset, info, rule):
    kwargs = write_dataset([info])
    message = f"ann.json: the entry of '1.png' is wrong: .*{rule}"
    with pytest.raises(ValueError, match=message):
        PartialLabelDataset(**kwargs)


def test_accepts_the_first_and_the_last_class(write_dataset):
    kwargs = write_dataset([entry(gt_label=[0, 2])])
    assert PartialLabelDataset(**kwargs).get_cat_ids(0) == [0, 2]


def test_refuses_an_entry_without_an_image_path(write_dataset, tmp_path):
    kwargs = write_dataset([])
    text = json.dumps(dict(metainfo={}, data_list=[dict(gt_label=[0])]))
    (tmp_path / 'ann.json').write_text(text)
    with pytest.raises(ValueError, match=r'ann\.json.*`img_path` is missing'):
        PartialLabelDataset(**kwargs)


def test_refuses_known_negatives_in_complete_labels(write_dataset):
    kwargs = write_dataset(THREE)
    message = r'ann\.json.*1\.png.*`neg_label` marks partial labels.*set'
    with pytest.raises(ValueError, match=message):
        PartialLabelDataset(labels='complete', **kwargs)


def test_refuses_a_file_without_classes(write_dataset):
    kwargs = write_dataset(THREE, classes=None)
    with pytest.raises(ValueError, match='no classes; add "classes" to its'):
        PartialLabelDataset(**kwargs)
    assert len(PartialLabelDataset(classes=['a', 'b', 'c'], **kwargs)) == 3


@pytest.mark.parametrize('again', ['1.png', './1.png'])
def test_refuses_two_entries_of_one_image(write_dataset, again):
    kwargs = write_dataset([*THREE, entry(img_path=again)])
    message = r'ann\.json: entries 0 and 3 .* images/1\.png; merge'
    with pytest.raises(ValueError, match=message):
        PartialLabelDataset(**kwargs)


def test_refuses_a_missing_image(write_dataset, tmp_path):
    kwargs = write_dataset(THREE)
    (tmp_path / 'images' / '2.png').unlink()
    message = r'ann\.json: the image .*2\.png is missing or empty; check'
    with pytest.raises(FileNotFoundError, match=message):
        PartialLabelDataset(**kwargs)


def test_refuses_an_empty_image(write_dataset, tmp_path):
    kwargs = write_dataset(THREE)
    (tmp_path / 'images' / '3.png').write_bytes(b'')
    with pytest.raises(FileNotFoundError, match=r'3\.png is missing or empty'):
        PartialLabelDataset(**kwargs)


def test_refuses_an_absolute_image_path(write_dataset, tmp_path):
    kwargs = write_dataset([entry(img_path=str(tmp_path / '1.png'))])
    with pytest.raises(ValueError, match='path relative to its data set'):
        PartialLabelDataset(**kwargs)


@pytest.mark.parametrize('labels', ['full', None, ''])
def test_refuses_unknown_kinds_of_labels(write_dataset, labels):
    with pytest.raises(ValueError, match="must be 'partial' or 'complete'"):
        PartialLabelDataset(labels=labels, **write_dataset(THREE))


def summary(dataset):
    """Read the lines `name: number` of a dataset's repr."""
    lines = [line.partition(':') for line in repr(dataset).splitlines()]
    return {name.strip(): value.strip() for name, _, value in lines}


def test_repr_counts_partial_labels(write_dataset):
    lines = summary(PartialLabelDataset(**write_dataset(THREE)))
    assert lines['Annotated labels'] == 'partial'
    assert lines['Annotated positives'] == '3'
    assert lines['Annotated negatives'] == '1'
    assert lines['Images without a positive'] == '1'


def test_repr_counts_the_rest_of_complete_labels_as_negative(write_dataset):
    kwargs = write_dataset(THREE[1:])
    lines = summary(PartialLabelDataset(labels='complete', **kwargs))
    assert lines['Annotated positives'] == '2'
    assert lines['Annotated negatives'] == '4'
    assert lines['Images without a positive'] == '1'


def test_repr_of_a_lazy_dataset_reads_no_annotation(write_dataset, tmp_path):
    kwargs = write_dataset(THREE)
    (tmp_path / 'ann.json').unlink()
    dataset = PartialLabelDataset(lazy_init=True, **kwargs)
    assert 'Annotated positives' not in repr(dataset)


@pytest.mark.realdata
@pytest.mark.skipif(
    'MMWSML_DATA' not in os.environ, reason='MMWSML_DATA is not set'
)
@pytest.mark.parametrize(
    'split, size', [('train', 4800), ('val', 1200), ('test', 1000)]
)
def test_reads_coco18_and_keeps_one_of_its_labels(split, size):
    dataset = PartialLabelDataset(
        f'{split}.json',
        labels='complete',
        data_root=str(Path(os.environ['MMWSML_DATA']) / 'coco18'),
        data_prefix='images',
    )
    assert len(dataset) == size
    for i in range(size):
        kept = KeepOnePositive().transform(dataset.get_data_info(i))
        assert len(kept['gt_label']) == 1
        assert kept['gt_label'][0] in dataset.get_cat_ids(i)


@pytest.mark.parametrize(
    ('text', 'rule'),
    [
        ('[1, 2', 'Expecting'),
        ('{"data_list": [1]}', 'must have data_list and metainfo'),
        ('{"metainfo": {}, "data_list": []}', '`data_list` is empty'),
        ('{"metainfo": {}, "data_list": ["1.png"]}', "'1.png' .*a dict with"),
        (
            '{"metainfo": {}, "data_list": [{"img_path": 1, "gt_label": []}]}',
            '`img_path` must be a text',
        ),
        ('{"metainfo": [], "data_list": [{"img_path": "1.png"}]}', 'items'),
        (None, 'No such file'),
    ],
)
def test_refuses_a_malformed_file_and_names_it(
    write_dataset, tmp_path, text, rule
):
    kwargs = write_dataset(THREE)
    (tmp_path / 'ann.json').unlink()
    if text is not None:
        (tmp_path / 'ann.json').write_text(text)
    with pytest.raises(
        (ValueError, FileNotFoundError), match=f'json: .*{rule}'
    ):
        PartialLabelDataset(**kwargs)


@pytest.mark.parametrize('path', ['', '.', '../images/1.png'])
def test_refuses_a_path_that_is_not_an_image_below_the_folder(
    write_dataset, tmp_path, path
):
    kwargs = write_dataset(THREE)
    data = dict(metainfo=dict(classes=['a']), data_list=[entry(img_path=path)])
    (tmp_path / 'ann.json').write_text(json.dumps(data))
    with pytest.raises((ValueError, FileNotFoundError), match=r'ann\.json: '):
        PartialLabelDataset(**kwargs)


@pytest.mark.parametrize('classes', ['catdog', ['cat', 'cat', 'dog']])
def test_refuses_classes_that_are_no_distinct_names(write_dataset, classes):
    kwargs = write_dataset(THREE, classes=classes)
    with pytest.raises(ValueError, match=r'json: .* list of distinct names'):
        PartialLabelDataset(**kwargs)


def test_refuses_a_file_that_is_not_an_image(write_dataset, tmp_path):
    kwargs = write_dataset(THREE)
    (tmp_path / 'images' / '3.png').write_text('not a picture')
    with pytest.raises(ValueError, match=r'3\.png is not an image; replace'):
        PartialLabelDataset(**kwargs)


def test_accepts_a_format_that_only_pillow_reads(write_dataset, tmp_path):
    kwargs = write_dataset(THREE)
    picture = Image.new('RGB', (8, 8))
    picture.save(tmp_path / 'images' / '3.png', format='TGA')
    assert len(PartialLabelDataset(**kwargs)) == 3


def test_numbers_are_of_the_names_of_the_file(write_dataset):
    kwargs = write_dataset(THREE)
    message = r"ann\.json: the file has the classes \['cat', 'dog', 'horse'\]"
    with pytest.raises(ValueError, match=message):
        PartialLabelDataset(classes=['dog', 'cat', 'horse'], **kwargs)
    same = PartialLabelDataset(classes=['cat', 'dog', 'horse'], **kwargs)
    assert list(same.metainfo['classes']) == ['cat', 'dog', 'horse']


class Evil:
    """Makes a folder when a pickle of it is read."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize('ending', ['yaml', 'yml', 'pkl', 'pickle', 'JSON'])
def test_an_annotation_file_runs_no_code(write_dataset, tmp_path, ending):
    made = tmp_path / 'made'
    kwargs = write_dataset(THREE)
    kwargs['ann_file'] = f'ann.{ending}'
    command = f'!!python/object/apply:os.mkdir ["{made}"]'
    content = f'x: {command}\ndata_list: []'.encode()
    if ending in ('pkl', 'pickle'):
        content = pickle.dumps(dict(metainfo=Evil(made), data_list=[]))
    (tmp_path / kwargs['ann_file']).write_bytes(content)
    try:
        PartialLabelDataset(**kwargs)
    except Exception as error:
        message = str(error)
    assert not made.exists()
    assert f'ann.{ending}: the annotation file must be JSON' in message


def exit_code(function):
    """Call a function in a fork, which a signal may end."""
    child = os.fork()
    if not child:
        code = 1
        try:
            function()
        except (ValueError, OSError) as error:
            good = 'in UTF-8, but got' in str(error)
            code = 0 if good and 'rename the file' in str(error) else 2
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def test_a_name_that_is_not_utf8_is_refused_in_a_sentence(write_dataset):
    kwargs = write_dataset([dict(img_path='1.png', gt_label=[0])])
    root = kwargs['data_root']
    image = os.path.join(root, 'images', '1.png')
    os.rename(image, os.path.join(root, 'images', NOT_UTF8))
    ann_file = os.path.join(root, 'ann.json')
    with open(ann_file) as file:
        text = file.read().replace('1.png', 'caf\\udce9.png')
    with open(ann_file, 'w') as file:
        file.write(text)
    # It was signal 11, of OpenCV.
    assert exit_code(lambda: PartialLabelDataset(**kwargs)) == 0


@pytest.fixture
def write_table(write_dataset, tmp_path):
    """Write a table beside the images; return the dataset's arguments."""

    def write(text, name='labels.csv'):
        kwargs = write_dataset(THREE)
        (tmp_path / name).write_text(text)
        return dict(kwargs, ann_file=name)

    return write


TABLE = 'path,cat,dog,age\nold/1.png,1,-1,50\nold/2.png,,1,51\n'


def test_reads_a_table_as_the_converter_does(write_table):
    kwargs = write_table(TABLE)
    with pytest.raises(ValueError, match='Say it: --unknown=-1 or --abs'):
        PartialLabelDataset(**kwargs)
    dataset = PartialLabelDataset(read=dict(absent='-1'), **kwargs)
    assert dataset.metainfo['classes'] == ('cat', 'dog')
    infos = [dataset.get_data_info(i) for i in range(2)]
    assert [x['sample_id'] for x in infos] == ['images/1.png', 'images/2.png']
    assert [(x['gt_label'], x['neg_label']) for x in infos] == [
        ([0], [1]),
        ([1], []),
    ]


def test_a_table_has_the_classes_of_the_config(write_table):
    kwargs = write_table('image,cat,dog\n1.png,1,0\n2.png,0,0\n')
    metainfo = dict(classes=['dog', 'cat'])
    dataset = PartialLabelDataset(
        labels='complete', metainfo=metainfo, **kwargs
    )
    assert dataset.metainfo['classes'] == ('dog', 'cat')
    assert dataset.get_cat_ids(0) == [1]
    assert 'neg_label' not in dataset.get_data_info(0)


def test_a_table_leaves_bad_lines_out_as_asked(write_table):
    more = ''.join(f'{n}.png,1\n' for n in range(10, 20))
    kwargs = write_table(f'image,cat\n1.png,1\n2.png,0\n{more}')
    with pytest.raises(ValueError, match=r"there is no image '10\.png' in"):
        PartialLabelDataset(**kwargs)
    dataset = PartialLabelDataset(skip_bad=True, **kwargs)
    assert len(dataset) == 2 and len(dataset.faults) == 10


def test_how_a_table_is_read_is_nothing_for_a_json(write_dataset):
    kwargs = write_dataset(THREE)
    with pytest.raises(ValueError, match='is no table, which `read` is for'):
        PartialLabelDataset(read=dict(absent='-1'), **kwargs)


def test_says_once_what_is_done_to_images_of_another_kind(
    write_dataset, monkeypatch
):
    kwargs = write_dataset(THREE)
    said = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', said.append)
    folder = Path(kwargs['data_root'], 'images')
    for name in ('2.png', '3.png'):
        Image.fromarray(np.zeros((8, 8), np.uint16)).save(folder / name)
    PartialLabelDataset(**kwargs)
    (line,) = said
    assert '2 images are 16-bit, of which the upper 8 bits are read' in line
    assert '2.png' in line


def test_several_annotation_files_are_read_as_one(write_dataset):
    write_dataset(THREE)  # the images
    kwargs = write_dataset(THREE[:2])
    whole = Path(kwargs['data_root'], kwargs['ann_file'])
    more = json.loads(whole.read_text())
    more['data_list'] = THREE[2:]
    (whole.parent / 'more.json').write_text(json.dumps(more))
    kwargs['ann_file'] = [kwargs['ann_file'], 'more.json']
    dataset = PartialLabelDataset(**kwargs)
    infos = [dataset.get_data_info(i) for i in range(3)]
    assert [info['gt_label'] for info in infos] == [[0], [1, 2], []]
    assert 'Further files: \tmore.json' in str(dataset)
    more['metainfo']['classes'] = more['metainfo']['classes'][::-1]
    (whole.parent / 'more.json').write_text(json.dumps(more))
    message = rf'more\.json: .*, but .*{whole.name} has .* in one order'
    with pytest.raises(ValueError, match=message):
        PartialLabelDataset(**kwargs)


def test_an_image_in_two_annotation_files_is_refused(write_dataset):
    kwargs = write_dataset(THREE)
    kwargs['ann_file'] = [kwargs['ann_file']] * 2
    with pytest.raises(ValueError, match=r'are one image, .*merge their lab'):
        PartialLabelDataset(**kwargs)


def test_no_annotation_file_is_refused(write_dataset):
    kwargs = dict(write_dataset(THREE), ann_file=[])
    with pytest.raises(ValueError, match='`ann_file` must name one file or'):
        PartialLabelDataset(**kwargs)
