import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config

import mmwsml
from mmwsml.engine import feature_extraction
from mmwsml.engine.launch import adapt_to_machine
from mmwsml.engine.linear_discriminant import NoContrastError
from mmwsml.engine.training import train
from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.recipe import fit_steps, network_phase
from mmwsml.recipe.fit import add_network
from mmwsml.recipe.fit_steps import Fit
from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.image_features import read_ids
from mmwsml.recipe.plan import Plan
from mmwsml.recipe.progress import Progress
from mmwsml.recipe.refit import refit

CLASSES = 'red', 'green', 'blue'


def write_images(folder, num, seed):
    """Write images of colours; return which are there, bool (N, 3)."""
    rng = np.random.default_rng(seed)
    truth = rng.random((num, 3)) < 0.5
    folder.mkdir(parents=True)
    for n, row in enumerate(truth):
        image = rng.integers(0, 60, (16, 16, 3))
        image[..., ::-1] += (180 * row).astype(int)
        cv2.imwrite(str(folder / f'{n}.png'), image.astype(np.uint8))
    return truth


def write_table(path, folder, truth, hidden=()):
    """Write a table; entries that are hidden stay empty."""
    lines = [','.join(['image', *CLASSES])]
    for n, row in enumerate(truth):
        cells = [
            '' if (n, k) in hidden else str(int(row[k])) for k in range(3)
        ]
        lines.append(','.join([f'{folder}/{n}.png', *cells]))
    path.write_text('\n'.join(lines) + '\n')


@pytest.fixture(scope='module')
def data(tmp_path_factory):
    """Make images, of which labels hide a third, and complete validation."""
    folder = tmp_path_factory.mktemp('data')
    truth = write_images(folder / 'images' / 'a', 48, 0)
    hidden = {(n, n % 3) for n in range(48)}
    write_table(folder / 'labels.csv', 'a', truth, hidden)
    truth = write_images(folder / 'images' / 'b', 16, 1)
    write_table(folder / 'val.csv', 'b', truth)
    return folder


def fit(data, out, **options):
    return mmwsml.fit(
        data / 'labels.csv',
        data / 'images',
        out,
        val=data / 'val.csv',
        backbone='digitnet',
        weights='none',
        size=16,
        **options,
    )


@pytest.fixture(scope='module')
def fitted(data):
    # As a person types it: paths from the folder where the images are.
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(data)
        return fit(Path(), 'out')


def read(folder, split):
    return json.loads(folder.labels(split).read_text())['data_list']


def test_labels_and_images_become_a_model(fitted, data):
    plan = json.loads(fitted.plan.read_text())
    assert plan['kept'] == 'head'
    assert plan['images'] == str(data / 'images')
    assert fitted.classes.read_text().split() == list(CLASSES)
    assert fitted.report.is_file() and fitted.verdict.is_file()
    sizes = {name: len(read(fitted, name)) for name in ('train', 'test')}
    assert sum(sizes.values()) == 48 and 4 <= sizes['test'] <= 10
    entries = read(fitted, 'test')
    with np.load(fitted.scores('head', 'test')) as file:
        scores, ids = file['scores'], file['sample_id'].tolist()
    assert ids == [f'images/{entry["img_path"]}' for entry in entries]
    model = MultiLabelInferencer(str(fitted.model), device='cpu')
    result = model([str(data / 'images' / entries[0]['img_path'])])[0]
    np.testing.assert_allclose(result['scores'], scores[0], atol=1e-4)


def test_given_validation_is_taken_as_it_is(fitted):
    entries = read(fitted, 'val')
    assert [x['img_path'] for x in entries] == [
        f'b/{n}.png' for n in range(16)
    ]
    # All of its labels are known; those of the split are not.
    assert not any('neg_label' in entry for entry in entries)
    assert all('neg_label' in entry for entry in read(fitted, 'test'))
    config = fitted.config.read_text()
    assert "val.json', labels='complete'" in config
    assert "test.json', labels='partial'" in config
    assert 'learn_validation=True' in config


def test_a_second_call_does_nothing(fitted, data, monkeypatch, capsys):
    times = {
        path: path.stat().st_mtime_ns
        for path in fitted.path.rglob('*')
        if path.is_file() and path.name not in ('.lock', 'log.txt')
    }
    monkeypatch.setattr(fit_steps, 'read_given', None)
    monkeypatch.setattr(fit_steps, 'fit_head', None)
    fit(data, fitted.path)
    assert times == {path: path.stat().st_mtime_ns for path in times}
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith('[') for line in lines)
    assert str(fitted.path) in lines[-1]


def test_a_fit_that_was_stopped_goes_on(fitted, data, monkeypatch):
    def end(*_):
        raise KeyboardInterrupt

    for stop in ('compute_features', 'save_parts', 'share_out', 'fit_head'):
        with monkeypatch.context() as patch:
            patch.setattr(fit_steps, stop, end)
            with pytest.raises(KeyboardInterrupt):
                fit(data, data / 'again')
    again = fit(data, data / 'again')
    expected = np.load(fitted.scores('head', 'test'))['scores']
    found = np.load(again.scores('head', 'test'))['scores']
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_scores_that_are_missing_are_made_again(fitted, data):
    path = fitted.scores('head', 'test')
    expected = path.read_bytes()
    path.unlink()
    fit(data, fitted.path)
    assert path.read_bytes() == expected


def test_a_refit_takes_over_the_features(fitted, monkeypatch):
    answers = 'sample_id,class,present\n'
    entry = next(x for x in read(fitted, 'train') if 0 in x['gt_label'])
    answers += f'images/{entry["img_path"]},red,yes\n'
    fitted.answers.write_text(answers)

    def compute(*_):
        raise AssertionError('an image is read again')

    monkeypatch.setattr(feature_extraction, 'compute_features', compute)
    again = refit(fitted.path)
    assert again.model.is_file()
    assert read_ids(again, 'test') == read_ids(fitted, 'test')


def test_the_config_makes_the_head_again(fitted, tmp_path):
    cfg = Config.fromfile(str(fitted.config))
    cfg.launcher, cfg.work_dir = 'none', str(tmp_path)
    for split in ('train', 'val', 'test'):
        cfg[f'{split}_dataloader'].num_workers = 0
    adapt_to_machine(cfg)
    train(cfg)
    again = torch.load(tmp_path / 'epoch_1.pth', weights_only=True)
    kept = torch.load(fitted.model, weights_only=True)['state_dict']
    for name, weight in kept.items():
        torch.testing.assert_close(
            again['state_dict'][name], weight, rtol=1e-3, atol=1e-4
        )


@pytest.mark.slow
def test_a_budget_trains_the_network(data, monkeypatch):
    monkeypatch.setattr(network_phase, 'choose_epochs', lambda *_: 1)
    fit(data, data / 'network')
    folder = fit(data, data / 'network', budget=5)
    verdict = json.loads(folder.verdict.read_text())
    assert any('the network trained' in x for x in verdict['lines'])
    assert folder.scores('network', 'train').is_file()
    assert folder.run('network').joinpath('records').is_dir()
    assert 'max_epochs=2' in folder.config_of('network').read_text()
    with pytest.raises(FileExistsError, match='--budget 5 and --method'):
        fit(data, data / 'network', budget=6)
    fit(data, data / 'network')  # keeps what is there


def test_a_network_that_diverges_leaves_the_head(monkeypatch, tmp_path):
    def fail(work):
        raise NoContrastError('The features must be finite and differ.')

    monkeypatch.setattr('mmwsml.recipe.fit.make_network', fail)
    plan, progress = (
        Plan(tmp_path / 'fit.json', {}),
        Progress(tmp_path / 'log'),
    )
    folder = FittedFolder(tmp_path)
    folder.verdict.touch()
    add_network(Fit(None, folder, plan, progress))
    assert plan.get('diverged') is True
    assert not folder.verdict.exists()  # it is judged again
