from collections import OrderedDict, deque

import numpy as np
import pytest
import torch

from mmwsml.engine.plain_state import make_plain


class Text(str):
    """A text that is no plain one."""


def test_numpy_values_and_containers_become_plain():
    state = dict(
        a=np.float32(0.5),
        b=deque([np.int64(1)]),
        c=(1, [2.0, None, 'x', b'y', True]),
        d=np.array(['cat', 'dog']),
        e=OrderedDict(z=np.arange(2)),
        f={3},
    )
    plain = make_plain(state)
    assert torch.equal(plain['e'].pop('z'), torch.arange(2))
    assert plain == dict(
        a=0.5,
        b=[1],
        c=(1, [2.0, None, 'x', b'y', True]),
        d=['cat', 'dog'],
        e={},
        f=[3],
    )
    assert type(plain['a']) is float and type(plain['e']) is OrderedDict


@pytest.mark.parametrize(
    'value, name',
    [(len, 'builtin_function'), (object(), 'object'), (Text('a'), 'Text')],
)
def test_what_is_not_plain_is_named(value, name):
    message = rf'checkpoint\.a\[1\] is a {name}.*, which a checkpoint cannot'
    with pytest.raises(ValueError, match=message):
        make_plain(dict(a=[0, value]))


def test_what_is_plain_loads_without_code(tmp_path):
    state = dict(a=torch.zeros(2), b=(1, 2.0), c=torch.Size([3]), d=torch.half)
    torch.save(make_plain(state), tmp_path / 'a.pth')
    assert torch.load(tmp_path / 'a.pth', weights_only=True)['d'] == torch.half
