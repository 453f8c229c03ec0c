import os

import pytest

from mmwsml.structures.overwriting import refuse_to_overwrite


@pytest.fixture
def filled(tmp_path):
    """Write a file that a person has filled in."""
    path = tmp_path / 'list.csv'
    path.write_text('yes')
    return path


def test_a_new_file_may_be_written(tmp_path, filled):
    refuse_to_overwrite([tmp_path / 'new.csv'], [filled, None])


def test_a_file_that_is_there_is_replaced_by_force_alone(filled):
    with pytest.raises(FileExistsError, match=r'list\.csv is there .*--force'):
        refuse_to_overwrite([filled])
    refuse_to_overwrite([filled], force=True)


@pytest.mark.parametrize('force', [False, True])
def test_a_source_is_never_replaced(filled, tmp_path, force):
    (tmp_path / 'link').symlink_to(filled)
    for output in (filled, tmp_path / 'x' / '..' / 'list.csv'):
        (tmp_path / 'x').mkdir(exist_ok=True)
        for source in (filled, tmp_path / 'link'):
            with pytest.raises(FileExistsError, match='is what is read: it'):
                refuse_to_overwrite([output], [source], force)


def test_a_folder_is_no_file_to_write(tmp_path):
    with pytest.raises(IsADirectoryError, match='name one in it'):
        refuse_to_overwrite([tmp_path], force=True)


def test_what_is_no_file_may_be_written(tmp_path):
    os.mkfifo(tmp_path / 'pipe')
    refuse_to_overwrite([tmp_path / 'pipe', '/dev/null'])
