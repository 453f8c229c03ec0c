import json

import cv2
import numpy as np
import pytest
import torch

import mmwsml
from mmwsml.inference.inferencer import MultiLabelInferencer
from mmwsml.recipe import fit_steps
from mmwsml.recipe.fitted_folder import FittedFolder

CLASSES = 'red', 'green', 'blue'
OPTIONS = dict(backbone='digitnet', weights='none', size=32)


def write_images(folder, num=60, seed=0):
    """Write images of colours, and which are there, bool (N, 3)."""
    rng = np.random.default_rng(seed)
    truth = rng.random((num, 3)) < 0.5
    for n, row in enumerate(truth):
        image = rng.integers(0, 60, (32, 32, 3))
        image[..., ::-1] += (180 * row).astype(int)
        path = folder / f'{n}.png'
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), image.astype(np.uint8))
    return truth


def write_table(path, truth, hidden=(), names=None):
    """Write a table; entries that are hidden stay empty."""
    lines = [','.join(['image', *CLASSES])]
    for n, row in enumerate(truth):
        cells = [
            '' if (n, k) in hidden else str(int(x)) for k, x in enumerate(row)
        ]
        lines.append(','.join([names[n] if names else f'{n}.png', *cells]))
    path.write_text('\n'.join(lines) + '\n')


@pytest.fixture
def data(tmp_path):
    """Make images, and a table in which a third of the labels is hidden."""
    truth = write_images(tmp_path / 'images')
    hidden = {(n, n % 3) for n in range(len(truth))}
    write_table(tmp_path / 'labels.csv', truth, hidden)
    return tmp_path


def fit(data, **options):
    arguments = dict(OPTIONS, **options)
    return mmwsml.fit(
        data / 'labels.csv', data / 'images', data / 'out', **arguments
    )


def test_labels_and_images_become_a_model(data, capsys):
    folder = fit(data)
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith('[') for line in lines), lines
    plan = json.loads(folder.plan.read_text())
    assert plan['kept'] == 'head'
    assert plan['images'] == str(data / 'images')
    assert folder.classes.read_text().split() == list(CLASSES)
    sizes = []
    for split in ('train', 'val', 'test'):
        entries = json.loads(folder.labels(split).read_text())['data_list']
        sizes.append(len(entries))
        assert all('neg_label' in entry for entry in entries)
        with np.load(folder.scores('head', split)) as file:
            assert file['scores'].shape == (len(entries), 3)
            assert [f'images/{x["img_path"]}' for x in entries] == file[
                'sample_id'
            ].tolist()
    assert sum(sizes) == 60 and min(sizes[1:]) > 5 and sizes[0] > 35
    model = MultiLabelInferencer(str(folder.model), device='cpu')
    image = str(data / 'images' / entries[0]['img_path'])
    result = model([image])[0]
    with np.load(folder.scores('head', 'test')) as file:
        np.testing.assert_allclose(
            result['scores'], file['scores'][0], atol=1e-4
        )


def test_a_second_call_does_nothing(data, monkeypatch):
    folder = fit(data)
    times = {
        path: path.stat().st_mtime_ns
        for path in folder.path.rglob('*')
        if path.is_file() and path.name not in ('.lock', 'log.txt')
    }
    monkeypatch.setattr(fit_steps, 'read_given', None)
    monkeypatch.setattr(fit_steps, 'fit_head', None)
    fit(data)
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_a_fit_that_was_stopped_goes_on(data, monkeypatch):
    whole = fit(data)
    expected = np.load(whole.scores('head', 'test'))['scores']
    for stop in ('compute_features', 'save_parts', 'share_out', 'fit_head'):
        with monkeypatch.context() as patch:

            def end(*_):
                raise KeyboardInterrupt

            patch.setattr(fit_steps, stop, end)
            with pytest.raises(KeyboardInterrupt):
                mmwsml.fit(
                    data / 'labels.csv',
                    data / 'images',
                    data / 'again',
                    **OPTIONS,
                )
    folder = mmwsml.fit(
        data / 'labels.csv', data / 'images', data / 'again', **OPTIONS
    )
    found = np.load(folder.scores('head', 'test'))['scores']
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_given_validation_is_taken_as_it_is(data):
    truth = write_images(data / 'images' / 'val', 20, seed=1)
    names = [f'val/{n}.png' for n in range(20)]
    write_table(data / 'val.csv', truth, names=names)
    folder = fit(data, val=data / 'val.csv')
    content = json.loads(folder.labels('val').read_text())
    assert [x['img_path'] for x in content['data_list']] == names
    # All of its labels are known; those of the split are not.
    assert 'neg_label' not in content['data_list'][0]
    config = folder.config.read_text()
    assert "val.json', labels='complete'" in config
    assert "test.json', labels='partial'" in config
    assert 'learn_validation=True' in config


def test_the_config_makes_the_head_again(data):
    from mmengine.config import Config

    from mmwsml.engine.launch import adapt_to_machine
    from mmwsml.engine.training import train

    folder = fit(data)
    cfg = Config.fromfile(str(folder.config))
    cfg.launcher, cfg.work_dir = 'none', str(data / 'run')
    for split in ('train', 'val', 'test'):
        cfg[f'{split}_dataloader'].num_workers = 0
    adapt_to_machine(cfg)
    train(cfg)
    again = torch.load(data / 'run' / 'epoch_1.pth', weights_only=True)
    kept = torch.load(folder.model, weights_only=True)['state_dict']
    for name, weight in kept.items():
        torch.testing.assert_close(
            again['state_dict'][name], weight, rtol=1e-3, atol=1e-4
        )


@pytest.mark.parametrize(
    'change, message',
    [
        (dict(seed=1), 'seed 0, not 1'),
        (dict(size=16), 'size 32, not 16'),
    ],
)
def test_a_folder_of_another_fit_is_refused(data, change, message):
    FittedFolder(data / 'out').path.mkdir()
    fit(data)
    with pytest.raises(FileExistsError, match=message):
        fit(data, **change)


def test_labels_that_have_changed_are_refused(data):
    fit(data)
    with (data / 'labels.csv').open('a') as file:
        file.write('0.png,,,\n')
    with pytest.raises(FileExistsError, match='labels that have changed'):
        fit(data)


def test_a_folder_of_other_files_is_refused(data):
    (data / 'out').mkdir()
    (data / 'out' / 'mine.txt').write_text('x')
    with pytest.raises(FileExistsError, match=r'such as .mine\.txt'):
        fit(data)


def test_a_changed_config_is_not_overwritten(data):
    folder = fit(data)
    with folder.config.open('a') as file:
        file.write('# mine\n')
    with pytest.raises(FileExistsError, match='has been changed since'):
        fit(data)
    assert folder.config.read_text().endswith('# mine\n')
