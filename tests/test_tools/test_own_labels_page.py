"""Every command of docs/own-labels.md runs on a miniature."""

import json
import re
import shlex
from pathlib import Path

import cv2
import numpy as np
import pytest

PAGE = (Path(__file__).parents[2] / 'docs' / 'own-labels.md').read_text()
COMMANDS = list(
    dict.fromkeys(
        found.replace('\\|', '|')
        for found in re.findall(r'convert_labels\.py ([^`\n]+)', PAGE)
        if not found.startswith('SOURCE')
    )
)
CHEXPERT = (
    'Path,Sex,Age,Frontal/Lateral,AP/PA,Edema,Fracture\n'
    'CheXpert-v1.0-small/train/p1/1.jpg,Male,50,Frontal,AP,1.0,-1.0\n'
    'CheXpert-v1.0-small/train/p2/2.jpg,Male,51,Lateral,,0.0,\n'
)
MARKS = 'image,cat,dog\na.jpg,1,0\nb.jpg,,1\n'
XML = (
    '<annotation><filename>{}.jpg</filename><object><name>{}</name></object>'
    '</annotation>'
)
COCO = dict(
    images=[dict(id=1, file_name='a.jpg'), dict(id=2, file_name='b.jpg')],
    annotations=[dict(image_id=1, category_id=1)],
    categories=[dict(id=1, name='cat'), dict(id=2, name='dog')],
)
LVIS = dict(
    COCO,
    images=[
        dict(id=1, file_name='a.jpg', neg_category_ids=[2]),
        dict(id=2, file_name='b.jpg', neg_category_ids=[]),
    ],
)
PICTURE = cv2.imencode('.jpg', np.zeros((8, 9, 3), np.uint8))[1].tobytes()
VAW = [
    dict(
        image_id=1,
        instance_id=str(n),
        instance_bbox=[n, 0.5, 4.0, 3.0],
        positive_attributes=['grey'],
        negative_attributes=['tiled'],
    )
    for n in range(2)
]
STUDIO = [
    dict(
        image=f'/data/upload/1/d06c405d-{name}.jpg',
        choice=choice,
        id=number,
        annotator=1,
        annotation_id=number,
    )
    for number, (name, choice) in enumerate([('a', 'cat'), ('b', 'dog')])
]
#: Source: what is there, and classes, positives and negatives that come out.
MINIATURES = {
    'labels.csv': ({'labels.csv': MARKS}, (2, 2, 1)),
    'CheXpert-v1.0-small/train.csv': (
        {
            'CheXpert-v1.0-small/train.csv': CHEXPERT,
            'CheXpert-v1.0-small/train/p1/1.jpg': '',
            'CheXpert-v1.0-small/train/p2/2.jpg': '',
        },
        (2, 1, 1),
    ),
    'list_attr_celeba.csv': (
        {'list_attr_celeba.csv': 'image_id,Bald,Hat\na.jpg,-1,1\nb.jpg,1,-1'},
        (2, 2, 2),
    ),
    'Data_Entry_2017.csv': (
        {
            'Data_Entry_2017.csv': 'Image Index,Finding Labels,Patient ID\n'
            '1.png,Hernia|Mass,1\n2.png,No Finding,2\n3.png,Mass,3\n'
        },
        (2, 3, 3),
    ),
    'plants.csv': (
        {'plants.csv': 'image,labels\na.jpg,healthy\nb.jpg,scab rust\n'},
        (2, 2, 2),
    ),
    'columns.csv': (
        {'columns.csv': 'id,label1,label2\na.jpg,cat,dog\nb.jpg,cat,\n'},
        (2, 3, 0),
    ),
    'long.csv': (
        {'long.csv': 'image,label\na.jpg,cat\na.jpg,dog\nb.jpg,cat\n'},
        (2, 3, 0),
    ),
    'numbers.csv': (
        {
            'numbers.csv': 'image,label\na.jpg,0\na.jpg,2\nb.jpg,0\n',
            'classes.txt': 'cat\ndog\ncow\n',
        },
        (3, 3, 0),
    ),
    'validation-annotations-human-imagelabels.csv': (
        {
            'validation-annotations-human-imagelabels.csv': 'ImageID,Source,'
            'LabelName,Confidence\n01,verification,/m/1,1\n'
            '01,verification,/m/2,0\n'
        },
        (2, 1, 1),
    ),
    'ISIC_GroundTruth.csv': (
        {'ISIC_GroundTruth.csv': 'image,MEL,NV\nISIC_1,0.0,1.0\n'},
        (2, 1, 1),
    ),
    'train/_classes.csv': (
        {
            'train/_classes.csv': 'filename, cat, dog\na.jpg, 1, 0\n',
            'train/a.jpg': '',
        },
        (2, 1, 1),
    ),
    'train/_annotations.coco.json': (
        {
            'train/_annotations.coco.json': COCO,
            'train/a.jpg': '',
            'train/b.jpg': '',
        },
        (2, 1, 3),
    ),
    'matrix.txt': (
        {'matrix.txt': 'a.jpg 0 1 1\nb.jpg 1 0 0\n'},
        (3, 3, 3),
    ),
    'indices.txt': (
        {
            'indices.txt': 'a.jpg,1 2\nb.jpg,0\n',
            'classes.txt': 'cat\ndog\ncow\n',
        },
        (3, 3, 0),
    ),
    'lvis_v1_val.json': ({'lvis_v1_val.json': LVIS}, (2, 1, 1)),
    'VOC2007': (
        {
            'VOC2007/Annotations/1.xml': XML.format('1', 'cat'),
            'VOC2007/Annotations/2.xml': XML.format('2', 'dog'),
            'VOC2007/ImageSets/Main/train.txt': '1\n',
        },
        (2, 1, 1),
    ),
    'mine.json': (
        {
            'mine.json': dict(
                metainfo=dict(classes=['cat', 'dog']),
                data_list=[
                    dict(img_path='a.jpg', gt_label=['cat'], neg_label=[1])
                ],
            )
        },
        (2, 1, 1),
    ),
    'metadata.jsonl': (
        {'metadata.jsonl': '{"file_name": "1.jpg", "labels": ["a", "b"]}\n'},
        (2, 2, 0),
    ),
    'vaw/val.json': (
        {'vaw/val.json': VAW, 'vaw/images/1.jpg': PICTURE},
        (2, 2, 2),
    ),
    'export.json': (
        {
            'export.json': STUDIO,
            'my_images/a.jpg': '',
            'my_images/b.jpg': '',
        },
        (2, 2, 2),
    ),
    'captions': (
        {'captions/1.txt': 'cat, long hair', 'captions/1.jpg': ''},
        (2, 2, 0),
    ),
    'tags': ({'tags/1.txt': 'cat dog', 'tags/1.jpg': ''}, (2, 2, 0)),
    'photos': ({'photos/a.json': dict(tags=['cat'])}, (1, 1, 0)),
    'labelme': (
        {
            'labelme/1.json': dict(
                shapes=[dict(label='cat', points=[[1, 2]])], imagePath='1.jpg'
            ),
            'labelme/1.jpg': '',
        },
        (1, 1, 0),
    ),
    'yolo': (
        {
            'yolo/classes.txt': 'cat\ndog\n',
            'yolo/images/a.jpg': '',
            'yolo/labels/a.txt': '0 0.5 0.5 0.1 0.1\n',
        },
        (2, 1, 1),
    ),
}


@pytest.fixture
def write(tmp_path):
    """Write the files of a miniature, and two photographs."""

    def write(files):
        photos = {'photos/a.jpg': '', 'photos/b.jpg': ''}
        for name, content in {**photos, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
                continue
            is_text = isinstance(content, str)
            path.write_text(content if is_text else json.dumps(content))

    return write


def test_the_page_has_commands():
    assert len(COMMANDS) > 25


@pytest.mark.parametrize('command', COMMANDS)
def test_a_command_of_the_page(write, run_tool, tmp_path, command):
    source, *args = shlex.split(command)
    suffix = Path(source).suffix
    if suffix in ('.xlsx', '.parquet'):
        pandas = pytest.importorskip('pandas')
        frame = pandas.DataFrame(
            dict(image=['a.jpg', 'b.jpg'], cat=[1, None], dog=[0, 1])
        )
        write({})
        if suffix == '.xlsx':
            frame.to_excel(tmp_path / source, index=False)
        else:
            frame.to_parquet(tmp_path / source)
        expected = 2, 2, 1
    elif '--split' in args:
        rows = [f'{n}.jpg,{n % 7},1,0' for n in range(40)]
        write({source: '\n'.join(['image,patient,cat,dog', *rows])})
        run_tool('dataset_converters/convert_labels', source, *args)
        assert (tmp_path / 'out' / 'test.json').is_file()
        return
    else:
        files, expected = MINIATURES[source]
        write(files)
    run_tool('dataset_converters/convert_labels', source, *args)
    data = json.loads((tmp_path / args[0]).read_text())
    lists = [(x['gt_label'], x['neg_label']) for x in data['data_list']]
    assert expected == (
        len(data['metainfo']['classes']),
        sum(len(positives) for positives, _ in lists),
        sum(len(negatives) for _, negatives in lists),
    )
