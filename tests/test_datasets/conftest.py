"""Small data sets on disk."""

import json
import struct
import zlib

import cv2
import numpy as np
import pytest


@pytest.fixture
def write_dataset(tmp_path):
    """Write annotations and their images; return the dataset's arguments."""

    def write(data_list, classes=('cat', 'dog', 'horse'), root=tmp_path):
        (root / 'images').mkdir(parents=True, exist_ok=True)
        image = np.full((8, 8, 3), 128, np.uint8)
        for info in data_list:
            cv2.imwrite(str(root / 'images' / info['img_path']), image)
        metainfo = dict(classes=classes) if classes else {}
        text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
        (root / 'ann.json').write_text(text)
        return dict(
            ann_file='ann.json', data_root=str(root), data_prefix='images'
        )

    return write


@pytest.fixture(scope='session')
def scenes_root(digit_scenes):
    """Where DigitScenes are; nothing writes into it."""
    return digit_scenes


@pytest.fixture
def write_open_images(tmp_path):
    """Write a small Open Images; return its root."""

    def write(
        lines,
        images=None,
        classes=('/m/0a', '/m/0b', '/m/0c'),
        split='train',
        end='\n',
        root=tmp_path,
    ):
        folder = root / split
        folder.mkdir(parents=True, exist_ok=True)
        header = 'ImageID,Source,LabelName,Confidence'
        text = end.join([header, *lines])
        (folder / 'annotations-human.csv').write_bytes(text.encode())
        if images is not None:
            text = ''.join(f'{line}{end}' for line in ['ImageID,T', *images])
            (folder / 'images.csv').write_bytes(text.encode())
        trainable = ''.join(f'{label}{end}' for label in classes)
        (root / 'classes-trainable.txt').write_bytes(trainable.encode())
        names = ['/m/0z,Not trainable', *(f'{x},Name {x}' for x in classes)]
        text = end.join(names)
        (root / 'class-descriptions.csv').write_bytes(text.encode())
        return root

    return write


@pytest.fixture
def write_bomb():
    """Write a PNG of 70 bytes that claims so many pixels a side."""

    def write(path, side):
        """Write a PNG of 70 bytes that claims ``side`` x ``side`` pixels."""
        parts = [
            (b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0)),
            (b'IDAT', zlib.compress(b'')),
            (b'IEND', b''),
        ]
        chunks = [
            struct.pack('>I', len(data))
            + name
            + data
            + struct.pack('>I', zlib.crc32(name + data))
            for name, data in parts
        ]
        path.write_bytes(b'\x89PNG\r\n\x1a\n' + b''.join(chunks))
        return str(path)

    return write
