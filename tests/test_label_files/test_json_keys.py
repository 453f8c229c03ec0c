import pytest

from mmwsml.label_files.json_keys import find_name_keys, flatten, gather


@pytest.mark.parametrize(
    'value, keys, found',
    [
        (dict(a=dict(b='x')), ['a', 'b'], ['x']),
        (dict(a=[dict(b='x'), dict(b=['y', 'z']), {}]), 'ab', ['x', 'y', 'z']),
        (dict(a='x'), ['a', 'b'], []),
        (dict(a=None), ['a'], []),
    ],
)
def test_gathers_what_inner_keys_lead_to(value, keys, found):
    assert gather(value, list(keys)) == found


def test_a_key_with_a_dot_of_its_own_is_itself():
    records = [(1, {'a.b': 'x', 'a': dict(b='y', c=['z', 'w'])})]
    ((_, record),) = flatten(records, ['a.b', 'a.c', 'a.d'])
    assert record['a.b'] == 'x' and record['a.c'] == ['z', 'w']
    assert 'a.d' not in record and 'a.c' not in records[0][1]


def test_finds_the_keys_that_list_texts_or_else_numbers():
    record = dict(image='a.jpg', box=[1, 2], tags=['x'], in_=[dict(of='y')])
    assert find_name_keys([(1, record)]) == ['tags', 'in_.of']
    assert find_name_keys([(1, dict(image='a', box=[1, 2]))]) == ['box']
    assert find_name_keys([(1, dict(image='a', box=[1.5, True]))]) == []
