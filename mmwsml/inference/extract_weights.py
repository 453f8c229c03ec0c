"""The weights in a checkpoint from elsewhere, none of whose code runs."""

import os
import pickle
from collections import OrderedDict
from contextlib import contextmanager
from types import SimpleNamespace
from typing import IO, Any, Dict, Iterator, List, Tuple

import torch

#: What makes tensors of a file again, and the containers they lie in.
ALLOWED = {
    ('collections', 'OrderedDict'): OrderedDict,
    ('torch', 'Size'): torch.Size,
    ('torch._utils', '_rebuild_tensor'): torch._utils._rebuild_tensor,
    ('torch._utils', '_rebuild_tensor_v2'): torch._utils._rebuild_tensor_v2,
    ('torch._utils', '_rebuild_parameter'): torch._utils._rebuild_parameter,
}
#: Makes torch refuse a reader of one's own.
FORCE = 'TORCH_FORCE_WEIGHTS_ONLY_LOAD'


def extract_weights(path: str) -> Tuple[Dict[str, torch.Tensor], List[str]]:
    """Read the weights of a checkpoint, whatever else it holds.

    Of all that a file may name only what makes tensors is called; for any
    other function or class, such as the history that MMEngine pickles, stands
    an object that does nothing.

    Args:
        path (str): A file of ``torch.save``: a checkpoint with a
            ``state_dict``, or weights alone.

    Returns:
        tuple: ``OrderedDict[str, Tensor]``, on the CPU, and the names of what
        was left out.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged or holds no weights.
    """
    try:
        _refuse_torchscript(path)
        with _own_reader():
            content = torch.load(
                path,
                map_location='cpu',
                pickle_module=SimpleNamespace(
                    __name__='pickle', Unpickler=_Unpickler, load=_load
                ),
                weights_only=False,
            )
    except OSError:
        raise
    except Exception as error:  # damaged pickles raise almost anything
        raise ValueError(
            f'{path} is damaged, or no file that torch has saved: get it anew.'
        ) from error
    left_out = []
    if isinstance(content, dict) and 'state_dict' in content:
        left_out += [str(key) for key in content if key != 'state_dict']
        content = content['state_dict']
    weights = OrderedDict()
    for name, value in content.items() if isinstance(content, dict) else ():
        if isinstance(name, str) and isinstance(value, torch.Tensor):
            weights[name] = value.detach()
        else:
            left_out.append(f'state_dict.{name}')
    if not weights:
        raise ValueError(
            f'{path} holds no weights: neither a `state_dict` nor tensors by '
            'name.'
        )
    return weights, left_out


def _refuse_torchscript(path: str) -> None:
    """Refuse a program, which ``torch.load`` would take and run."""
    with open(path, 'rb') as file:
        if file.read(4) != b'PK\x03\x04':  # as torch tells a zip file
            return
    # Torch's own reader: it and zipfile may see different files in one.
    if 'constants.pkl' in torch._C.PyTorchFileReader(path).get_all_records():
        raise ValueError('a program of TorchScript')


class _StandIn:
    """Is whatever a file asks for, and does nothing."""

    def __new__(cls, *args: Any, **kwargs: Any) -> '_StandIn':
        return super().__new__(cls)

    def _ignore(self, *args: Any) -> None:
        """Take what a pickle fills its objects with."""

    __init__ = __setstate__ = __setitem__ = _ignore
    append = extend = add = _ignore


class _Unpickler(pickle.Unpickler):
    """Finds what makes tensors, and stand-ins for all else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what a file names; nothing is imported."""
        if module == 'torch':
            dtype = getattr(torch, name, None) if name.isidentifier() else None
            if isinstance(dtype, torch.dtype):
                return dtype
        return ALLOWED.get((module, name), _StandIn)


def _load(file: IO, **kwargs: Any) -> Any:
    return _Unpickler(file, **kwargs).load()


@contextmanager
def _own_reader() -> Iterator[None]:
    """Let torch read with another unpickler than its own."""
    forced = os.environ.pop(FORCE, None)
    try:
        yield
    finally:
        if forced is not None:
            os.environ[FORCE] = forced
