import pickle
import zipfile
from collections import OrderedDict

import pytest
import torch
from mmengine.logging import HistoryBuffer

from mmwsml.inference.checkpoint import load_from_plain_file
from mmwsml.inference.extract_weights import FORCE, extract_weights


class Call:
    """A pickle that calls a function when it is loaded."""

    def __init__(self, function, *args, state=None):
        self.call = function, args, state

    def __reduce__(self):
        return self.call


@pytest.fixture
def weights():
    """Weights as a model has them."""
    layer = torch.nn.Linear(3, 2).half()
    return OrderedDict(layer.state_dict(), kept=torch.arange(4)[1:3])


def test_weights_of_a_run_of_mmpretrain_are_kept_and_the_rest_is_not(
    weights, tmp_path
):
    path = str(tmp_path / 'run.pth')
    hub = dict(log_scalars=dict(loss=HistoryBuffer([1.0], [1])))
    content = dict(meta={}, state_dict=weights, message_hub=hub)
    torch.save(content, path)
    with pytest.raises(ValueError, match=r'tools/extract_weights\.py IN OUT'):
        load_from_plain_file(path)
    kept, left_out = extract_weights(path)
    assert list(kept) == ['weight', 'bias', 'kept']
    assert all(torch.equal(kept[key], weights[key]) for key in weights)
    assert left_out == ['meta', 'message_hub']
    torch.save(dict(state_dict=kept), path)
    assert list(load_from_plain_file(path)['state_dict']) == list(weights)


@pytest.mark.parametrize('new', [True, False])
@pytest.mark.parametrize('function', [open, eval, print])
def test_no_code_of_a_file_runs(function, new, weights, tmp_path, capsys):
    made, path = tmp_path / 'made', str(tmp_path / 'evil.pth')
    args = {
        open: (str(made), 'w'),
        eval: (f'open({str(made)!r}, "w")',),
        print: ('ran',),
    }[function]
    evil = Call(function, *args, state=dict(a=Call(function, *args)))
    content = dict(state_dict=weights, meta=[evil, {evil: 1}])
    torch.save(content, path, _use_new_zipfile_serialization=new)
    kept, left_out = extract_weights(path)
    assert list(kept) == list(weights) and left_out == ['meta']
    assert not made.exists() and 'ran' not in capsys.readouterr().out


@pytest.mark.parametrize(
    'attack',
    [
        b"cos\nsystem\n(S'touch made'\ntR.",
        b"(S'touch made'\nios\nsystem\n.",
        b"(cos\nsystem\nS'touch made'\no.",
        b"\x80\x04\x8c\x08builtins\x8c\x0dexec.__call__\x93(S'1'\ntR.",
        b"cos\nsystem\n(S'touch made'\nt\x81.",
        b'ctorch._utils\n_import_dotted_name\n(S"os.system"\ntR.',
        b'\x82\x01.',
    ],
)
def test_no_opcode_runs_what_a_file_names(attack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save(dict(state_dict={}), 'evil.pth')
    with zipfile.ZipFile('evil.pth') as file:
        names = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile('evil.pth', 'w') as file:
        for name, content in names.items():
            file.writestr(name, attack if 'data.pkl' in name else content)
    with pytest.raises(ValueError, match=r'evil\.pth (is damaged|holds no)'):
        extract_weights('evil.pth')
    assert not (tmp_path / 'made').exists()


def test_a_program_of_torchscript_is_refused(tmp_path):
    path = str(tmp_path / 'script.pth')
    torch.jit.script(torch.nn.Linear(2, 2)).save(path)
    with pytest.raises(ValueError, match=r'script\.pth is damaged, or no'):
        extract_weights(path)


@pytest.mark.parametrize('content', [b'', b'PK\x03\x04', b'\x80\x02.', b'abc'])
def test_a_damaged_file_is_refused(content, tmp_path):
    path = tmp_path / 'half.pth'
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r'half\.pth is damaged'):
        extract_weights(str(path))
    with pytest.raises(FileNotFoundError):
        extract_weights(str(tmp_path / 'none.pth'))


def test_weights_alone_are_weights_and_other_things_are_named(
    weights, tmp_path, monkeypatch
):
    path = str(tmp_path / 'a.pth')
    torch.save(dict(weights, epoch=3), path)
    monkeypatch.setenv(FORCE, '1')  # as PlainCheckpointHook leaves it
    kept, left_out = extract_weights(path)
    assert list(kept) == list(weights) and left_out == ['state_dict.epoch']
    torch.save(dict(state_dict=dict(epoch=3)), path)
    with pytest.raises(ValueError, match='holds no weights'):
        extract_weights(path)
    path = tmp_path / 'plain.pkl'
    path.write_bytes(pickle.dumps({'a': 1}))
    with pytest.raises(ValueError, match='is damaged, or no file that torch'):
        extract_weights(str(path))
