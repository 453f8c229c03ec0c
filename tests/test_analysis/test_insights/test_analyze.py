import json

import cv2
import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError
from mmwsml.analysis.insights.analyses import ANALYSES
from mmwsml.analysis.insights.analyze import analyze_run
from mmwsml.evaluation.predictions import Predictions, write_predictions

from .conftest import CLASSES


def write_result(path, classes=CLASSES):
    """Write the scores of two images."""
    scores = np.full((2, len(classes)), 0.5, np.float32)
    names = ['set/0.png', 'set/1.png']
    result = scores, scores > 0.4, None, names, names, classes, 'val'
    write_predictions(path, Predictions(*result))
    return str(path)


@pytest.mark.slow
def test_writes_table_and_plot_of_all_analyses(make_run, tmp_path):
    run, other = make_run()[0].run, make_run('other', seed=1)[0].run
    results = [write_result(tmp_path / f'{n}.npz') for n in 'ab']
    said = analyze_run(run, second=other, predictions=results, num_images=3)
    for name in ANALYSES:
        assert f'{name}: {run}/analysis/{name}.csv' in said
        for ending in ('csv', 'md', 'png'):
            assert (run / 'analysis' / f'{name}.{ending}').stat().st_size
    text = (run / 'analysis' / 'curves.csv').read_text()
    assert '\nrun,1,' in text and '\nother,1,' in text


def test_leaves_out_what_has_no_answer(make_run, tmp_path, monkeypatch):
    names = 'highest-losses', 'modifications', 'gains'
    some = {name: ANALYSES[name] for name in names}
    monkeypatch.setattr('mmwsml.analysis.insights.analyze.ANALYSES', some)
    run = make_run(keep=False)[0].run
    said = analyze_run(run, out=tmp_path / 'out')
    assert 'highest-losses: left out. ' in said
    assert 'gains: left out. ' in said
    found = sorted(path.name for path in (tmp_path / 'out').iterdir())
    assert found == [f'modifications.{end}' for end in ('csv', 'md', 'png')]


def test_what_is_named_must_have_an_answer(make_run):
    run = make_run(keep=False)[0].run
    with pytest.raises(NotRecordedError, match='keep=losses'):
        analyze_run(run, only=['highest-losses'])


def test_many_images_take_several_sheets(make_run, monkeypatch):
    monkeypatch.setattr('mmwsml.analysis.insights.analyses.IMAGES_A_SHEET', 2)
    run = make_run()[0].run
    said = analyze_run(run, only=['timelines'], num_images=3)
    assert '.png to timelines-2.png' in said
    assert (run / 'analysis' / 'timelines-2.png').exists()


def test_names_the_first_image_that_is_missing(make_run, tmp_path):
    run = make_run()[0].run
    cv2.imwrite(str(tmp_path / '1.png'), np.zeros((4, 4, 3), np.uint8))
    options = dict(only=['timelines'], images=['set/1.png', 'set/2.png'])
    said = analyze_run(run, data_root=str(tmp_path), **options)
    assert f'1 of 2 images are not in {tmp_path}, the first is set/2.p' in said
    assert 'holds 0 configs' in analyze_run(run, **options)


def test_says_what_a_killed_run_lacks(make_run):
    run = make_run()[0].run
    (run / 'records' / 'epoch_0003' / 'sums.npy').unlink()
    said = analyze_run(run, only=['curves'])
    assert said.startswith('epoch_0003 is not whole')
    text = (run / 'analysis' / 'curves.csv').read_text()
    assert {line.split(',')[0] for line in text.splitlines()[1:]} == set('124')


def test_refuses_runs_and_results_of_other_classes(make_run, tmp_path):
    run = make_run()[0].run
    other = make_run('other', classes=('w', 'x', 'y', 'z'))[0].run
    with pytest.raises(ValueError, match="Class 0 is 'cat'"):
        analyze_run(run, second=other)
    paths = [write_result(tmp_path / 'a.npz', ('x', 'y'))] * 2
    with pytest.raises(ValueError, match='has 2 classes that are not the 4'):
        analyze_run(run, predictions=paths)


def test_refuses_no_images_and_too_many(make_run):
    run = make_run()[0].run
    for num in (0, 201):
        with pytest.raises(ValueError, match=rf'\[1, 200\], but got {num}'):
            analyze_run(run, num_images=num)


def test_a_folder_without_records_names_the_hook(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'mmwsml\.RecordHook'):
        analyze_run(tmp_path)


def test_records_of_an_unknown_version_are_refused(make_run):
    run = make_run()[0].run
    note = run / 'records' / 'run.json'
    note.write_text(json.dumps(dict(json.loads(note.read_text()), version=9)))
    with pytest.raises(ValueError, match='of format version 9'):
        analyze_run(run)
