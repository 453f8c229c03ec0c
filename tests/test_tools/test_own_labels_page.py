"""The commands of docs/own-labels.md, each on a miniature."""

import json
import re
import shlex
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / 'docs' / 'own-labels.md'
VAW = [
    dict(
        image_id=1,
        instance_id='1001',
        positive_attributes=['grey'],
        negative_attributes=['red'],
    ),
    dict(
        image_id=1,
        instance_id='1002',
        positive_attributes=[],
        negative_attributes=['grey'],
    ),
]
TASK = dict(
    id=1,
    annotations=[dict(result=[dict(value=dict(choices=['cat', 'dog']))])],
    data=dict(image='/data/upload/1/d06c405d-1.jpg'),
)
SHAPES = [dict(label='cat', points=[[1, 2]], shape_type='point')]
SPLIT = 'image,patient,cat\n' + ''.join(
    f'{n}.jpg,p{n // 2},{n % 2}\n' for n in range(40)
)
#: What stands for SOURCE: its files, and the counts that come of them.
FILES = {
    'metadata.jsonl': {
        'metadata.jsonl': '{"file_name": "1.jpg", "labels": ["cat", "dog"]}'
    },
    'vaw/val.json': {'vaw/val.json': json.dumps(VAW)},
    'export.json': {'export.json': json.dumps([TASK]), 'my_images/1.jpg': ''},
    'captions': {'captions/1.txt': 'cat, long hair', 'captions/1.jpg': ''},
    'tags': {'tags/1.txt': 'cat long_hair', 'tags/1.jpg': ''},
    'photos': {'photos/1.json': '{"tags": ["a", "b"]}', 'photos/1.jpg': ''},
    'labelme': {
        'labelme/1.json': json.dumps(dict(shapes=SHAPES, imagePath='1.jpg')),
        'labelme/1.jpg': '',
    },
    'yolo': {
        'yolo/data.yaml': 'names: [cat, dog]',
        'yolo/images/1.jpg': '',
        'yolo/labels/1.txt': '0 .5 .5 .2 .2',
    },
    'labels.csv': {'labels.csv': SPLIT},
}
COUNTS = {
    'metadata.jsonl': (1, 2, 2, 0),
    'vaw/val.json': (2, 2, 1, 2),
    'export.json': (1, 2, 2, 0),
    'captions': (1, 2, 2, 0),
    'tags': (1, 2, 2, 0),
    'photos': (1, 2, 2, 0),
    'labelme': (1, 1, 1, 0),
    'yolo': (1, 2, 1, 1),
    'labels.csv': (40, 1, 20, 20),
}
COMMANDS = [
    words
    for words in re.findall(
        r'convert_labels\.py (.*?)(?:`|\n)', PAGE.read_text()
    )
    if shlex.split(words)[:1] and shlex.split(words)[0] in FILES
]


@pytest.mark.parametrize('command', COMMANDS)
def test_a_command_of_the_page_runs(command, run_tool, tmp_path, capsys):
    words = shlex.split(command)
    for name, text in FILES[words[0]].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    run_tool('dataset_converters/convert_labels', *words)
    lines = capsys.readouterr().out.splitlines()
    names = 'Images', 'Classes', 'Known positives', 'Known negatives'
    found = [
        int(line.split(':')[1].split()[0])
        for name in names
        for line in lines
        if line.startswith(f'{name}: ')
    ]
    assert tuple(found) == COUNTS[words[0]]
    assert (tmp_path / words[1]).exists()


def test_each_miniature_is_of_a_command():
    assert {shlex.split(words)[0] for words in COMMANDS} == set(FILES)
