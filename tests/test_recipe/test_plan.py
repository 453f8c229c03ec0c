from dataclasses import replace

import pytest

from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.outcome import refuse_changed_config
from mmwsml.recipe.plan import make_folder, open_plan
from mmwsml.recipe.request import Request


@pytest.fixture
def request_(tmp_path):
    (tmp_path / 'labels.csv').write_text('image,cat\n')
    names = ('labels.csv', 'images', 'out')
    return Request(*(str(tmp_path / name) for name in names))


@pytest.fixture
def folder(request_):
    folder = FittedFolder(request_.out)
    make_folder(folder.path)
    return folder


def test_a_plan_goes_on(folder, request_):
    open_plan(folder, request_).note(kept='head')
    again = open_plan(folder, replace(request_, budget=5))
    assert again.get('kept') == 'head' and again.get('none') is None


@pytest.mark.parametrize(
    'change, message',
    [
        (dict(seed=1), 'seed 0, not 1'),
        (dict(size=32), 'size None, not 32'),
        (dict(held_out_rest='absent'), 'held-out-rest None'),
        (dict(val='labels.csv'), 'val None, not .*labels.csv'),
    ],
)
def test_a_folder_of_another_fit_is_refused(
    folder, request_, change, message, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    open_plan(folder, request_).note(kept='head')
    with pytest.raises(FileExistsError, match=message):
        open_plan(folder, replace(request_, **change))


def test_labels_that_have_changed_are_refused(folder, request_, tmp_path):
    open_plan(folder, request_).note(kept='head')
    (tmp_path / 'labels.csv').write_text('image,dog\n')
    with pytest.raises(FileExistsError, match='labels that have changed'):
        open_plan(folder, request_)


def test_a_folder_of_other_files_is_refused(folder, request_):
    (folder.path / 'mine.txt').write_text('x')
    with pytest.raises(FileExistsError, match=r'such as .mine\.txt'):
        open_plan(folder, request_)


def test_a_damaged_plan_is_refused(folder, request_):
    folder.plan.write_text('{')
    with pytest.raises(ValueError, match='is damaged'):
        open_plan(folder, request_)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / 'file').touch()
    with pytest.raises(OSError, match='cannot be written to'):
        make_folder(tmp_path / 'file' / 'out')


def test_a_changed_config_is_not_overwritten(folder):
    folder.config_of('head').write_text('x = 1\n')
    refuse_changed_config(folder)
    folder.config.write_text('x = 1\n')
    refuse_changed_config(folder)
    folder.config.write_text('x = 2\n')
    with pytest.raises(FileExistsError, match='has been changed since'):
        refuse_changed_config(folder)


@pytest.mark.parametrize(
    'option, message',
    [
        (dict(budget=-1), '`budget` must be'),
        (dict(seed=-1), '`seed` must be'),
        (dict(size=4), '`size` must be'),
    ],
)
def test_numbers_out_of_range_are_refused(option, message):
    with pytest.raises(ValueError, match=message):
        Request('labels.csv', 'images', 'out', **option)
