import pytest

from mmwsml.structures import hash64, make_sample_id


@pytest.mark.parametrize(
    'path', ['a/b.jpg', 'a\\b.jpg', './a/b.jpg', 'a//b.jpg', 'a/./b.jpg']
)
def test_spellings_of_one_path_have_one_id(path):
    assert make_sample_id('voc12', path) == 'voc12/a/b.jpg'


def test_two_data_sets_never_share_an_id():
    assert make_sample_id('voc', '1.jpg') != make_sample_id('coco', '1.jpg')


@pytest.mark.parametrize(
    'path',
    ['/data/1.jpg', '\\data\\1.jpg', r'C:\1.jpg', '../1.jpg', 'a/../1.jpg'],
)
def test_an_absolute_path_is_refused(path):
    with pytest.raises(ValueError, match='needs a path relative to its data'):
        make_sample_id('voc12', path)


# From `printf ID | b2sum -l 64`, not from Python.
@pytest.mark.parametrize(
    ('text', 'digest'),
    [('', 'e4a6a0577479b2b4'), ('voc12/1.jpg', '9fd49ab14881fbcb')],
)
def test_hash64_is_blake2b_of_8_bytes(text, digest):
    assert hash64(text) % 2**64 == int(digest, 16)


def test_hash64_fits_int64_and_uses_both_signs():
    hashes = [hash64(str(i)) for i in range(1000)]
    assert all(-(2**63) <= value < 2**63 for value in hashes)
    assert min(hashes) < -(2**62) and max(hashes) > 2**62


def test_hash64_tells_ten_thousand_ids_apart():
    assert len({hash64(f'voc12/{i}.jpg') for i in range(10_000)}) == 10_000
