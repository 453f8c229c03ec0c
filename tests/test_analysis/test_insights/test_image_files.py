import json

import cv2
import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError, find_images

NAMES = ['a.png', 'b/c.png']


@pytest.fixture
def run(tmp_path):
    """Make a run folder with a config of two images."""
    for name in NAMES:
        path = tmp_path / 'data' / name
        path.parent.mkdir(exist_ok=True)
        path.parent.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), np.zeros((4, 4, 3), np.uint8))
    infos = [dict(img_path=name, gt_label=[0]) for name in NAMES]
    content = dict(metainfo=dict(classes=['x', 'y']), data_list=infos)
    (tmp_path / 'labels.json').write_text(json.dumps(content))
    dataset = dict(
        type='mmwsml.PartialLabelDataset',
        ann_file=str(tmp_path / 'labels.json'),
        data_root=str(tmp_path),
        data_prefix='data',
        namespace='set',
        pipeline=[dict(type='LoadImageFromFile')],
    )
    folder = tmp_path / 'run'
    folder.mkdir()
    text = f'train_dataloader = dict(dataset={dataset!r})\n'
    (folder / 'config.py').write_text(text)
    return folder


def test_the_config_knows_where_images_are(run, tmp_path):
    found = find_images(run, ['set/b/c.png', 'set/other.png'])
    assert found == {'set/b/c.png': str(tmp_path / 'data/b/c.png')}


def test_images_that_were_moved_are_looked_for_below_a_folder(run, tmp_path):
    (tmp_path / 'data').rename(tmp_path / 'moved')
    found = find_images(run, ['set/a.png', 'set/z.png'], tmp_path / 'moved')
    assert found == {'set/a.png': str(tmp_path / 'moved' / 'a.png')}


def test_says_what_to_do_when_the_data_set_is_gone(run, tmp_path):
    (tmp_path / 'data').rename(tmp_path / 'moved')
    with pytest.raises(NotRecordedError, match=r'cannot be opened .*a\.png'):
        find_images(run, ['set/a.png'])


def test_needs_one_config(run):
    (run / 'config.py').unlink()
    with pytest.raises(NotRecordedError, match='holds 0 configs'):
        find_images(run, ['set/a.png'])


def test_nothing_of_a_run_runs(evil_run, tmp_path):
    with pytest.raises(NotRecordedError, match=r'cannot be opened .*name the'):
        find_images(evil_run, ['images/a.png'])
    assert not (tmp_path / 'made').exists()
