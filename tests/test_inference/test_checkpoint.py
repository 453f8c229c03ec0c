import pytest
import torch
from mmengine.runner import CheckpointLoader

from mmwsml.inference.checkpoint import (
    load_from_plain_file,
    refuse_pickled_code,
)


def test_loads_tensors_numbers_and_lists(tmp_path):
    path = str(tmp_path / 'good.pth')
    torch.save(dict(weight=torch.arange(3.0), epoch=2, ids=['a']), path)
    checkpoint = load_from_plain_file(path, map_location='cpu')
    assert torch.equal(checkpoint.pop('weight'), torch.arange(3.0))
    assert checkpoint == dict(epoch=2, ids=['a'])


def test_finds_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv('HOME', str(tmp_path))
    torch.save(dict(epoch=2), tmp_path / 'good.pth')
    assert load_from_plain_file('~/good.pth') == dict(epoch=2)


def test_refuses_what_a_later_version_wrote(tmp_path):
    path = str(tmp_path / 'new.pth')
    for version in (None, 1):
        torch.save(dict(meta=dict(mmwsml_format=version)), path)
        assert load_from_plain_file(path)['meta']
    torch.save(dict(meta=dict(mmwsml_format=2)), path)
    message = r'new\.pth: is of format version 2, .* 1 at most; upgrade mmwsml'
    with pytest.raises(ValueError, match=message):
        load_from_plain_file(path)


def test_refuses_code_and_does_not_run_it(evil, tmp_path):
    message = r'evil\.pth is damaged or holds more .* tools/extract_weights'
    with pytest.raises(ValueError, match=message):
        load_from_plain_file(str(evil))
    assert not (tmp_path / 'made').exists()


@pytest.mark.parametrize(
    'content',
    [b'', b'text', b'PK\x03\x04', b'\x80\x02', b'\x80\x02.', b'q\x01'],
)
def test_refuses_a_damaged_file(tmp_path, content):
    path = tmp_path / 'half.pth'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'half\.pth is damaged'):
        load_from_plain_file(str(path))


def test_refuses_a_file_cut_in_half(tmp_path):
    path = tmp_path / 'half.pth'
    torch.save(dict(weight=torch.zeros(1000)), path)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ValueError, match=r'half\.pth is damaged'):
        load_from_plain_file(str(path))


@pytest.mark.parametrize('name', ['none.pth', '.'])
def test_names_a_missing_file(tmp_path, name):
    path = str(tmp_path / name)
    message = 'The checkpoint .* does not exist: check its path'
    with pytest.raises(FileNotFoundError, match=message):
        load_from_plain_file(path)


def test_the_code_of_these_tests_runs_where_nothing_refuses_it(evil, tmp_path):
    torch.load(evil, weights_only=False)['meta'].close()
    assert (tmp_path / 'made').exists()


def test_mmengine_refuses_code_from_then_on(evil, tmp_path):
    refuse_pickled_code()
    with pytest.raises(ValueError, match='was refused'):
        CheckpointLoader.load_checkpoint(str(evil))
    assert not (tmp_path / 'made').exists()


def test_torch_refuses_code_from_then_on(evil, tmp_path):
    refuse_pickled_code()
    with pytest.raises(Exception, match='Weights only load failed'):
        torch.load(evil, weights_only=False)
    assert not (tmp_path / 'made').exists()


def test_downloads_keep_their_loader():
    before = dict(CheckpointLoader._schemes)
    refuse_pickled_code()
    after = dict(CheckpointLoader._schemes)
    assert after.pop('') is load_from_plain_file
    before.pop('')
    assert after == before
