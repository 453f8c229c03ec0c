"""The readers of JSON of many programs, and of folders of small files."""

import json
import random
from pathlib import Path
from typing import Any, Callable, Dict, List

from mmwsml.label_files.read_options import ReadOptions

from .label_readers import LABELS, NAMES, convert_file
from .reader import CLASSES, Reader, need, text_reader

WORDS = [[CLASSES[k] for k in row] for row in LABELS]


def _records() -> List[dict]:
    return [
        dict(file_name=x, labels=row, lacks=['emu'], who=f'p{n % 3}')
        for n, (x, row) in enumerate(zip(NAMES, WORDS))
    ]


def _tasks() -> List[dict]:
    tasks = []
    for name, row in zip(NAMES, WORDS):
        result = [dict(type='choices', value=dict(choices=row))]
        data = dict(image=f'/data/upload/1/0123abcd-{name}')
        items = [dict(id=1, result=result), dict(id=2, result=result[:1])]
        tasks.append(dict(id=1, annotations=items, data=data))
    return tasks


def _answers() -> List[dict]:
    return [
        dict(
            image=f'/data/local-files/?d=in/{name}',
            id=1,
            annotator=1,
            annotation_id=1,
            choice=dict(choices=row) if len(row) != 1 else row[0],
        )
        for name, row in zip(NAMES, WORDS)
    ]


def _fiftyone() -> dict:
    labels: Dict[str, Any] = {x[:-4]: row for x, row in zip(NAMES, LABELS)}
    labels['7'] = [dict(label=0, confidence=0.5), dict(label=2)]
    return dict(classes=CLASSES, labels=labels)


def _write_yolo(folder: Path) -> None:
    for name in ('images', 'labels'):
        (folder / name).mkdir()
    (folder / 'classes.txt').write_text('\n'.join(CLASSES))
    for name, row in zip(NAMES, LABELS):
        (folder / 'images' / name).touch()
        lines = [f'{k} 0.5 0.5 0.25 0.25' for k in row]
        path = folder / 'labels' / f'{name[:-4]}.txt'
        path.write_text('\n'.join(lines))


def _write_tags(folder: Path) -> None:
    for name, row in zip(NAMES, WORDS):
        (folder / name).touch()
        (folder / f'{name[:-4]}.txt').write_text(', '.join(row))


def _write_json(folder: Path) -> None:
    for name, row in zip(NAMES, WORDS):
        (folder / name).touch()
        shapes = [dict(label=x, points=[[1, 2], [3, 4]]) for x in row]
        text = json.dumps(dict(shapes=shapes, imagePath=name, flags={}))
        (folder / f'{name[:-4]}.json').write_text(text)


def _reader(file: str, **options: Any) -> Callable:
    options = dict(rest='unknown', suffix='.jpg', **options)

    def read(folder: Path, rng: random.Random) -> None:
        path = folder / file if file else folder
        marked, bad = convert_file(path, rng, ReadOptions(**options))
        need(not file or len(marked) + bad.count > 0, 'nothing is left')
        groups = len(marked) if 'group' in options else None
        need(marked.groups is None or len(marked.groups) == groups, 'groups')

    return read


def _lines(records: List[dict]) -> str:
    return '\n'.join(map(json.dumps, records))


KEYS = dict(positive_key='labels', negative_key='lacks')
BOXES = 'shapes.label'
FORM_READERS = [
    text_reader(
        'records', 'a.json', json.dumps(_records()), _reader('a.json', **KEYS)
    ),
    text_reader(
        'json-lines',
        'a.jsonl',
        _lines(_records()),
        _reader('a.jsonl', positive_key='labels', group='who'),
    ),
    text_reader(
        'image-names',
        'a.json',
        json.dumps(dict(zip(NAMES, WORDS))),
        _reader('a.json'),
    ),
    text_reader(
        'label-studio', 'a.json', json.dumps(_tasks()), _reader('a.json')
    ),
    text_reader(
        'label-studio-min', 'a.json', json.dumps(_answers()), _reader('a.json')
    ),
    text_reader(
        'fiftyone', 'a.json', json.dumps(_fiftyone()), _reader('a.json')
    ),
    Reader('yolo', _write_yolo, _reader(''), ['.txt']),
    Reader('tag-files', _write_tags, _reader(''), ['.txt']),
    Reader(
        'json-files', _write_json, _reader('', positive_key=BOXES), ['.json']
    ),
]
