import logging
import os
import zipfile

import pytest
import torch

from mmwsml.engine.newest_checkpoint import choose_checkpoint, find_fault

STATE = dict(meta=dict(epoch=1, iter=4), state_dict={}, message_hub={})


@pytest.fixture
def save(tmp_path):
    """Write a checkpoint, at a time."""

    def save(step, time, size=None, **changes):
        path = tmp_path / f'epoch_{step}.pth'
        torch.save({**STATE, **changes}, path)
        if size is not None:
            path.write_bytes(path.read_bytes()[:size])
        os.utime(path, (time, time))
        return path

    return save


@pytest.fixture
def choose(tmp_path, caplog):
    """Choose a checkpoint; return its name and what was left out."""

    def choose(note=None):
        if note is not None:
            (tmp_path / 'last_checkpoint').write_text(note)
        logger = logging.getLogger('choose')
        caplog.clear()
        path = choose_checkpoint(tmp_path, tmp_path, 'epoch_{}.pth', logger)
        left_out = [r.getMessage() for r in caplog.records if r.levelno > 20]
        return path and os.path.basename(path), left_out

    return choose


def test_the_newest_is_chosen_whatever_the_note_says(save, choose):
    assert choose() == (None, [])
    save(1, time=10)
    save(2, time=20)
    (save(3, time=30).parent / 'epoch_9_copy.pth').write_text('')
    assert choose('elsewhere/epoch_2.pth') == ('epoch_3.pth', [])
    assert choose('') == ('epoch_3.pth', [])
    assert choose('gone.pth') == ('epoch_3.pth', [])


def test_a_checkpoint_of_an_earlier_run_is_not_the_newest(save, choose):
    save(15, time=5)
    save(2, time=20)
    assert choose('w/epoch_2.pth') == ('epoch_2.pth', [])
    assert choose('') == ('epoch_2.pth', [])


def test_a_checkpoint_of_a_later_version_is_not_passed_over(save, choose):
    save(1, time=10)
    meta = dict(STATE['meta'], mmwsml_format=2)
    save(2, time=20, meta=meta)
    with pytest.raises(ValueError, match=r'epoch_2\.pth: is of format versio'):
        choose()


def test_in_a_copied_folder_the_note_decides(save, choose):
    save(1, time=30)
    save(2, time=20)
    assert choose('w/epoch_2.pth') == ('epoch_2.pth', [])


def test_what_is_not_whole_is_left_out_and_named(save, choose, tmp_path):
    save(1, time=10)
    save(2, time=20, size=300)
    save(3, time=30, size=0)
    name, left_out = choose('w/epoch_3.pth')
    assert name == 'epoch_1.pth' and len(left_out) == 2
    assert all('cut off while it was written' in text for text in left_out)
    (tmp_path / 'epoch_1.pth').unlink()
    message = r'no whole checkpoint to resume from \(epoch_3\.pth: it was cut'
    with pytest.raises(ValueError, match=message):
        choose()


def test_faults_are_named(save, tmp_path, evil):
    assert find_fault(save(1, time=1)) is None
    path = save(1, time=1, meta=dict(epoch=1))
    assert find_fault(path) == 'it holds no `meta.iter`'
    torch.save(dict(state_dict={}, message_hub={}), path)
    assert find_fault(path) == 'it holds no `meta`'
    assert 'more than plain' in find_fault(evil)
    path = save(1, 1, state_dict=dict(a=torch.ones(5000)))
    with zipfile.ZipFile(path) as file:
        start = file.getinfo('epoch_1/data/0').header_offset
    content = bytearray(path.read_bytes())
    content[start + 5000] ^= 1  # a bit of a weight, which torch reads
    path.write_bytes(bytes(content))
    torch.load(path, weights_only=True)
    assert 'data/0 in it is damaged' in find_fault(path)
