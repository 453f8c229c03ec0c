"""The readers of label files that are turned into ours."""

import json
import random
import re
from pathlib import Path
from typing import Any, List, Tuple

from mmwsml.label_files.annotations import to_entries
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.marked_labels import MarkedLabels
from mmwsml.label_files.read_options import ReadOptions

from .reader import (
    CLASSES,
    Reader,
    check_labels,
    check_sentence,
    need,
    text_reader,
)

HOST = 'http://images.cocodataset.org/'
LABELS = [[0, 1], [1, 2], [3], [], [0], [2, 3], [1], [0, 2]]
NAMES = [f'{n}.jpg' for n in range(len(LABELS))]
VOC = (
    '<annotation>\n<filename>{}</filename>\n<size><width>4</width></size>\n'
    '<object>\n<name>cat</name>\n<difficult>0</difficult>\n<bndbox><xmin>1'
    '</xmin><ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox>\n</object>\n'
    '<object>\n<name>dog</name>\n<difficult>1</difficult>\n</object>\n'
    '</annotation>\n'
)


def convert_file(
    path: Path, rng: random.Random, options: ReadOptions
) -> Tuple[MarkedLabels, BadEntries]:
    """Read labels as convert_labels.py does, and check what came of them."""
    bad = BadEntries(skip=rng.random() < 0.6)
    marked = read_labels(str(path), bad, options)
    entries = list(to_entries(marked, 'partial'))
    names = marked.classes
    need(all(isinstance(x, str) and x for x in names), f'classes {names}')
    need(len(set(names)) == len(names), f'classes {names}')
    check_labels(
        len(names), [(e['gt_label'], e['neg_label']) for e in entries]
    )
    paths = [entry['img_path'] for entry in entries]
    need(len(set(paths)) == len(paths), 'an image twice')
    json.dumps(entries, ensure_ascii=False).encode()
    for sentence in bad.sentences:
        check_sentence(sentence, path.parent)
    merged = re.findall(
        r'(\d+) entries are of an image', ' '.join(marked.notes)
    )
    bad.count += sum(map(int, merged))
    return marked, bad


def _convert(
    path: Path, rng: random.Random, ids: Any = None
) -> Tuple[List[dict], BadEntries]:
    options = ReadOptions(ids=ids, rest='unknown')
    marked, bad = convert_file(path, rng, options)
    return list(to_entries(marked, 'partial')), bad


def coco_text(lvis: bool) -> str:
    """Write a file in COCO's form, or in LVIS's."""
    images = [dict(id=n, file_name=x) for n, x in enumerate(NAMES)]
    if lvis:
        for n, image in enumerate(images):
            image['coco_url'] = HOST + image.pop('file_name')
            image['neg_category_ids'] = [
                10 * k for k in range(4) if k not in LABELS[n]
            ][:2]
            image['not_exhaustive_category_ids'] = []
    pairs = [(n, k) for n, labels in enumerate(LABELS) for k in labels]
    return json.dumps(
        dict(
            images=images,
            annotations=[
                dict(id=i, image_id=n, category_id=10 * k, bbox=[0, 0, 2, 2])
                for i, (n, k) in enumerate(pairs)
            ],
            categories=[
                dict(id=10 * k, name=x) for k, x in enumerate(CLASSES)
            ],
        )
    )


def _read_coco(folder: Path, rng: random.Random) -> None:
    path = folder / 'labels.json'
    entries, bad = _convert(path, rng)
    data = json.loads(path.read_bytes())
    images, left_out = data['images'], bad.count
    need(len(entries) + left_out >= len(images), 'an image is gone')
    # Each annotation is a positive of its image, or was reported.
    pairs = {
        (str(item['image_id']), str(item['category_id']))  # 1 is '1'
        for item in data['annotations']
        if isinstance(item, dict)
        and isinstance(item.get('image_id'), (int, str))
        and isinstance(item.get('category_id'), (int, str))
    }
    found = sum(len(entry['gt_label']) for entry in entries)
    need(bool(left_out) or found == len(pairs), f'{found} of {len(pairs)}')


def json_text(by_name: bool) -> str:
    """Write a file in our form, classes by name or by number."""
    labels = [[CLASSES[k] for k in row] if by_name else row for row in LABELS]
    entries = [dict(img_path=x, gt_label=row) for x, row in zip(NAMES, labels)]
    for n in (0, 3):
        entries[n]['neg_label'] = ['cow'] if by_name else [3]
    data = dict(metainfo=dict(classes=CLASSES), data_list=entries)
    return json.dumps(data)


def _read_json(folder: Path, rng: random.Random) -> None:
    path = folder / 'labels.json'
    entries, bad = _convert(path, rng)
    number = len(json.loads(path.read_bytes())['data_list'])
    need(len(entries) + bad.count >= number, 'an entry is gone')


def _csv_text() -> str:
    rows = [
        [x, *(str(int(k in row)) if k < 3 else '' for k in range(4))]
        for x, row in zip(NAMES, LABELS)
    ]
    return '\n'.join(','.join(row) for row in [['image', *CLASSES], *rows])


def _read_csv(folder: Path, rng: random.Random) -> None:
    path = folder / 'labels.csv'
    entries, bad = _convert(path, rng)
    text = path.read_bytes().decode('utf-8-sig')
    if '"' in text or '\r' in text:
        return
    rows = [line for line in text.split('\n') if line.strip()]
    need(len(entries) + bad.count >= len(rows) - 1, 'a line is gone')


def _write_voc(folder: Path) -> None:
    (folder / 'Annotations').mkdir()
    for name in NAMES[:3]:
        path = folder / 'Annotations' / f'{name[:-4]}.xml'
        path.write_text(VOC.format(name))
    (folder / 'ids.txt').write_text('0\n1\n2\n')


def _read_voc(folder: Path, rng: random.Random) -> None:
    ids = rng.choice([None, str(folder / 'ids.txt')])
    entries, bad = _convert(folder, rng, ids)
    if ids is None:
        need(len(entries) + bad.count >= 3, 'a file is gone')


LABEL_READERS = [
    text_reader('coco', 'labels.json', coco_text(False), _read_coco),
    text_reader('lvis', 'labels.json', coco_text(True), _read_coco),
    text_reader('json-names', 'labels.json', json_text(True), _read_json),
    text_reader('json-numbers', 'labels.json', json_text(False), _read_json),
    text_reader('csv', 'labels.csv', _csv_text(), _read_csv),
    Reader('voc-folder', _write_voc, _read_voc, ['.xml', '.txt']),
]
