import json
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest

from mmwsml.evaluation import read_predictions, write_predictions

NO_FILE = 'is damaged or not a result file of this version'


def assert_equal(one, other):
    for x, y in zip(one, other):
        if isinstance(x, np.ndarray):
            assert x.dtype == y.dtype
            np.testing.assert_array_equal(x, y)
        else:
            assert x == y and type(x) is type(y)


@pytest.mark.parametrize('partial', [False, True])
@pytest.mark.parametrize('shape', [(1, 1), (3, 8), (5, 9), (2, 23)])
def test_what_is_read_is_what_was_written(
    random_predictions, tmp_path, shape, partial
):
    written = random_predictions(shape=shape, partial=partial)
    write_predictions(str(tmp_path / 'new' / 'r.npz'), written)
    assert_equal(read_predictions(str(tmp_path / 'new' / 'r.npz')), written)
    assert os.listdir(tmp_path / 'new') == ['r.npz']


def test_names_in_any_letters_survive(random_predictions, tmp_path):
    name = os.fsdecode(b'\xff/\xe7\x8c\xab.png')  # not valid UTF-8
    written = random_predictions(shape=(1, 1))
    written = written._replace(img_paths=[name], classes=('猫 $x$\n/',))
    write_predictions(str(tmp_path / 'r.npz'), written)
    assert_equal(read_predictions(str(tmp_path / 'r.npz')), written)


def test_numpy_alone_reads_it(random_predictions, tmp_path):
    written = random_predictions(partial=True)
    write_predictions(str(tmp_path / 'r.npz'), written)
    with np.load(tmp_path / 'r.npz', allow_pickle=False) as file:
        bits = np.unpackbits(file['observed'], axis=1)[:, :5]
        header = json.loads(file['header'].tobytes())
    np.testing.assert_array_equal(bits, written.observed)
    assert header['classes'] == list(written.classes)


def test_it_takes_the_bytes_that_the_docs_say(random_predictions, tmp_path):
    size = 1000, 400
    written = random_predictions(shape=size, partial=True)
    write_predictions(str(tmp_path / 'r.npz'), written)
    names = sum(map(len, (*written.img_paths, *written.sample_ids)))
    rest = (tmp_path / 'r.npz').stat().st_size - 4.25 * 1000 * 400
    assert names < rest < names + 2 * 4 * 1000 + 6000


def test_a_failure_leaves_the_old_file(
    random_predictions, tmp_path, monkeypatch
):
    path = tmp_path / 'r.npz'
    path.write_text('old')

    def stop(file, **arrays):
        file.write(b'half')
        raise KeyboardInterrupt

    monkeypatch.setattr(np, 'savez', stop)
    with pytest.raises(KeyboardInterrupt):
        write_predictions(str(path), random_predictions())
    assert path.read_text() == 'old' and os.listdir(tmp_path) == ['r.npz']


@pytest.mark.parametrize('share', [0, 0.1, 0.5, 0.99])
def test_a_part_of_a_file_is_refused(random_predictions, tmp_path, share):
    path = tmp_path / 'r.npz'
    write_predictions(str(path), random_predictions())
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=NO_FILE):
        read_predictions(str(path))


@pytest.mark.parametrize('place', [0.2, 0.4, 0.6])
def test_a_changed_byte_is_found(random_predictions, tmp_path, place):
    path = tmp_path / 'r.npz'
    write_predictions(str(path), random_predictions(shape=(200, 20)))
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=NO_FILE):
        read_predictions(str(path))


class Exploit:
    """Harmless: leaves a file where its code has run."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return open, (self.trace, 'w')


def test_a_pickle_is_refused_and_not_run(tmp_path):
    trace = tmp_path / 'trace'
    (tmp_path / 'a.npz').write_bytes(pickle.dumps(Exploit(trace)))
    objects = np.array([Exploit(trace)], dtype=object)
    np.savez(tmp_path / 'b.npz', scores=objects, header=objects)
    np.save(tmp_path / 'c.npy', objects)
    os.rename(tmp_path / 'c.npy', tmp_path / 'c.npz')
    for name in ('a', 'b', 'c'):
        with pytest.raises(ValueError, match=NO_FILE):
            read_predictions(str(tmp_path / f'{name}.npz'))
    assert not trace.exists()
    pickle.loads((tmp_path / 'a.npz').read_bytes()).close()
    assert trace.exists()  # it would have


@pytest.mark.parametrize('change', ['other', 'form', 'bits', 'names', 'text'])
def test_a_foreign_file_is_refused(random_predictions, tmp_path, change):
    path = tmp_path / 'r.npz'
    write_predictions(str(path), random_predictions())
    with np.load(path) as file:
        arrays = dict(file)
    header = json.loads(arrays['header'].tobytes())
    if change == 'other':
        arrays = dict(x=np.zeros(3))
    elif change == 'form':
        header['form'] = 'another'
    elif change == 'bits':
        arrays['target'] = arrays['target'][:-1]
    elif change == 'names':
        header['more'] = 1
    if change != 'other':
        text = 'x' if change == 'text' else json.dumps(header)
        arrays['header'] = np.frombuffer(text.encode(), np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=NO_FILE):
        read_predictions(str(path))


@pytest.mark.parametrize(
    'version, rule',
    [
        (2, r'r\.npz: is of format version 2, .* 1 at most; upgrade mmwsml'),
        (0, NO_FILE),
        ('one', NO_FILE),
    ],
)
def test_another_version_is_refused(
    random_predictions, tmp_path, version, rule
):
    write_predictions(str(tmp_path / 'r.npz'), random_predictions())
    form = f'mmwsml predictions {version}'
    with pytest.raises(ValueError, match=rule):
        read_predictions(rewrite(tmp_path / 'r.npz', dict(form=form)))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'r\.npz does not exist: ma'):
        read_predictions(str(tmp_path / 'r.npz'))


def test_a_missing_permission_is_no_damage(
    random_predictions, tmp_path, monkeypatch
):
    write_predictions(str(tmp_path / 'r.npz'), random_predictions())

    def refuse(*args, **kwargs):
        raise PermissionError

    monkeypatch.setattr(zipfile, 'ZipFile', refuse)
    with pytest.raises(PermissionError):
        read_predictions(str(tmp_path / 'r.npz'))


FAULTS = [
    ('scores', lambda x: x.astype(float), 'must be float32 of shape'),
    ('scores', lambda x: x[:, :-1], r'shape \(23, 5\), images by classes'),
    ('classes', lambda x: x[:-1], r'shape \(23, 4\), images by classes'),
    ('img_paths', lambda x: x[:-1], r'shape \(22, 5\), images by classes'),
    ('img_paths', lambda x: [], r'must hold images and classes, but has \(0'),
    ('target', lambda x: x.astype(int), r'must be bool of \(23, 5\)'),
    ('observed', lambda x: x[1:], r'must be bool of \(23, 5\)'),
    ('sample_ids', lambda x: [x[0], *x[:-1]], 'have 22: evaluate each'),
    ('split', lambda x: 'all', "'val', 'test'., got 'all'"),
    ('scores', lambda x: np.where(x < 0.1, np.nan, x), 'the training diverge'),
    ('scores', lambda x: x + 1, '23 of 23 images .* the first set/val/0.png'),
    ('scores', lambda x: x - 2, 'or is the head without a sigmoid'),
]


@pytest.mark.parametrize('name, change, match', FAULTS)
def test_parts_that_do_not_fit_are_not_written(
    random_predictions, tmp_path, name, change, match
):
    good = random_predictions(partial=True)
    bad = good._replace(**{name: change(getattr(good, name))})
    with pytest.raises(ValueError, match=r'r\.npz: not written, .*' + match):
        write_predictions(str(tmp_path / 'r.npz'), bad)
    assert not os.listdir(tmp_path)


def test_scores_that_are_no_numbers_are_found_in_a_file(
    random_predictions, tmp_path
):
    path = tmp_path / 'r.npz'
    write_predictions(str(path), random_predictions())
    with np.load(path) as file:
        arrays = dict(file)
    arrays['scores'][3, 2] = np.nan
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=r'npz: 1 of 23 images have .*3\.png'):
        read_predictions(str(path))


def test_what_is_known_of_a_class(random_predictions):
    assert random_predictions().known(2).all()
    partial = random_predictions(partial=True)
    np.testing.assert_array_equal(partial.known(2), partial.observed[:, 2])


def rewrite(path, header=None, **changes):
    """Write a result file again, packed, with other arrays or names."""
    with np.load(path) as file:
        arrays = dict(file)
    names = json.loads(arrays['header'].tobytes())
    names.update(header or {})
    text = json.dumps(names).encode() + b' ' * changes.pop('blanks', 0)
    arrays['header'] = np.frombuffer(text, np.uint8)
    np.savez_compressed(path, **arrays, **changes)
    return str(path)


def test_a_packed_file_is_read(random_predictions, tmp_path):
    written = random_predictions(shape=(300, 20))
    write_predictions(str(tmp_path / 'r.npz'), written)
    assert_equal(read_predictions(rewrite(tmp_path / 'r.npz')), written)


def test_names_that_unpack_without_end_are_not_unpacked(
    random_predictions, tmp_path
):
    write_predictions(str(tmp_path / 'r.npz'), random_predictions())
    path = rewrite(tmp_path / 'r.npz', blanks=100_000_000)
    tracemalloc.start()
    with pytest.raises(ValueError, match=NO_FILE):
        read_predictions(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6


@pytest.mark.parametrize(
    'header',
    [
        dict(img_paths=[1, 2, 3]),
        dict(sample_ids='abc'),
        dict(classes=[None] * 5),
        dict(classes=5),
    ],
)
def test_names_must_be_texts(random_predictions, tmp_path, header):
    written = random_predictions(shape=(3, 5))
    write_predictions(str(tmp_path / 'r.npz'), written)
    with pytest.raises(ValueError, match=NO_FILE):
        read_predictions(rewrite(tmp_path / 'r.npz', header))


def test_each_image_has_one_identity(random_predictions, tmp_path):
    written = random_predictions(shape=(3, 5))
    write_predictions(str(tmp_path / 'r.npz'), written)
    ids = [*written.sample_ids, written.sample_ids[0]]
    path = rewrite(tmp_path / 'r.npz', dict(sample_ids=ids))
    with pytest.raises(ValueError, match='3 images need 3 different'):
        read_predictions(path)
