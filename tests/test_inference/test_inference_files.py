import csv
import json

import numpy as np
import pytest

from mmwsml.inference.inference_files import (
    check_out_file,
    find_images,
    name_pictures,
    tell_others,
    write_results,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a tree of files; the working folder is its root."""
    for name in ('b/2.PNG', 'b/1.jpg', 'a/1.jpg', 'a/notes.md', 'x.webp'):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / 'list.txt').write_text('x.webp\n\n  b/1.jpg \ngone.jpg\n')
    (tmp_path / 'empty').mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ('inputs', 'expected'),
    [
        (['x.webp'], ['x.webp']),
        (['b'], ['b/1.jpg', 'b/2.PNG']),
        (['.'], ['./a/1.jpg', './b/1.jpg', './b/2.PNG', './x.webp']),
        (['*/1.jpg'], ['a/1.jpg', 'b/1.jpg']),
        (['**/*.jpg'], ['a/1.jpg', 'b/1.jpg']),
        (['b', 'b/1.jpg'], ['b/1.jpg', 'b/2.PNG']),
        # A missing image of a list is not left out here: it is counted later.
        (['list.txt'], ['x.webp', 'b/1.jpg', 'gone.jpg']),
    ],
)
def test_finds_images(folder, inputs, expected):
    assert find_images(inputs) == expected


@pytest.mark.parametrize('name', ['1.jfif', '1.PGM', 'linked/1.jpg'])
def test_a_folder_gives_what_training_reads_of_it(tmp_path, name):
    (tmp_path / 'elsewhere').mkdir()
    (tmp_path / 'folder').mkdir()
    (tmp_path / 'folder' / 'linked').symlink_to(tmp_path / 'elsewhere')
    path = tmp_path / 'folder' / name
    path.touch()
    assert find_images([str(tmp_path / 'folder')]) == [str(path)]


def test_other_files_of_a_folder_are_counted(folder, tmp_path):
    for name in ('b/x.csv', 'b/y.CSV', 'b/Makefile'):
        (tmp_path / name).touch()
    assert tell_others(['b', 'b', 'a/notes.md']) == (
        '3 files are no images by their names, left out: 1 without ending, '
        '2 .csv.'
    )
    assert tell_others(['x.webp', '*/1.jpg', 'empty']) == ''


@pytest.mark.parametrize('name', ['none.jpg', 'empty', '*.gif'])
def test_an_input_without_images_is_refused(folder, name):
    with pytest.raises(
        FileNotFoundError, match='names no image that is there; give an'
    ):
        find_images(['x.webp', name])


RESULTS = [
    dict(img_path='ä,1.jpg', labels=['a "b"', 'c'], scores=[1 / 3, 0.9]),
    dict(img_path='2.jpg', labels=[], scores=[0.1, 1e-9]),
]


@pytest.fixture
def results():
    return [dict(r, scores=np.float32(r['scores'])) for r in RESULTS]


def test_json_holds_every_score_exactly(results, tmp_path):
    path = str(tmp_path / 'out.json')
    thresholds, skipped = np.float32([0.1, 0.7]), {'x.jpg': 'broken'}
    write_results(path, results, ['a "b"', 'c'], thresholds, skipped)
    content = json.loads((tmp_path / 'out.json').read_text())
    assert content['classes'] == ['a "b"', 'c']
    assert content['thresholds'] == [0.1, 0.7]
    assert content['skipped'] == skipped
    for written, result in zip(content['images'], results):
        assert written['labels'] == result['labels']
        np.testing.assert_array_equal(
            np.float32(written['scores']), result['scores']
        )


def test_csv_has_a_line_an_image_and_a_column_a_class(results, tmp_path):
    path = str(tmp_path / 'out.csv')
    write_results(path, results, ['a "b"', 'c'], np.float32([0.5, 0.5]), {})
    with open(path, newline='', encoding='utf-8') as file:
        header, *lines = csv.reader(file)
    assert header == ['img_path', 'labels', 'a "b"', 'c']
    for line, result in zip(lines, results):
        assert line[0] == result['img_path']
        assert json.loads(line[1]) == result['labels']
        np.testing.assert_array_equal(np.float32(line[2:]), result['scores'])


def test_no_name_in_a_csv_is_a_formula(tmp_path):
    path = str(tmp_path / 'out.csv')
    result = dict(img_path='@a.jpg', labels=['=1'], scores=np.float32([0.5]))
    write_results(path, [result], ['=1'], np.float32([0.5]), {})
    with open(path, newline='', encoding='utf-8') as file:
        header, line = csv.reader(file)
    assert header == ['img_path', 'labels', "'=1"]
    assert line == ["'@a.jpg", '["=1"]', '0.5']


@pytest.mark.parametrize('ending', ['json', 'csv'])
def test_a_path_that_is_no_utf8_loses_no_result(tmp_path, ending):
    path = str(tmp_path / f'out.{ending}')
    result = dict(img_path='caf\udce9', labels=[], scores=np.float32([0.5]))
    write_results(path, [result], ['H\u00fcndin'], np.float32([0.5]), {})
    text = (tmp_path / f'out.{ending}').read_text(encoding='utf-8')
    assert r'caf\udce9' in text and 'H\u00fcndin' in text


def test_a_result_file_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r'must end in .json or .csv, but is'):
        check_out_file('out.xml')
    with pytest.raises(FileNotFoundError, match='folder of --out'):
        check_out_file(str(tmp_path / 'none' / 'out.csv'))
    check_out_file(str(tmp_path / 'out.csv'))


def test_pictures_of_one_name_keep_their_folders():
    images = ['/x/a/1.jpg', '/x/b/1.jpg', np.zeros((2, 2, 3)), '/x/a/1.png']
    assert name_pictures(images) == {
        0: 'a/1.jpg.jpg',
        1: 'b/1.jpg.jpg',
        2: '000002.jpg',
        3: 'a/1.png.jpg',
    }
