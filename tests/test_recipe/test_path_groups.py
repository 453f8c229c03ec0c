import pytest

from mmwsml.recipe.path_groups import guess_groups


def test_folders_of_persons_are_groups():
    paths = [f'p{n // 4}/{n % 4}.jpg' for n in range(80)]
    found = guess_groups(paths, ['cat'])
    assert found.groups == [f'p{n // 4}' for n in range(80)]
    assert '20 persons or videos' in found.sentence
    assert '--group none' in found.sentence


@pytest.mark.parametrize('form', ['walk{}_{:03}.jpg', 'v{}-frame{}.png'])
def test_names_that_are_counted_are_groups(form):
    paths = [form.format(chr(97 + n // 4), n % 4) for n in range(80)]
    groups = guess_groups(paths, ['cat']).groups
    assert len(set(groups)) == 20


@pytest.mark.parametrize(
    'paths',
    [
        [f'{n:012}.jpg' for n in range(80)],  # names of COCO
        [f'IMG_{n}.jpg' for n in range(80)],  # one camera
        [f'{s}/{n}.jpg' for s in ('train', 'val') for n in range(40)],
        [f'p{n}/photo.jpg' for n in range(80)],  # each in its own
        [],
    ],
)
def test_other_paths_tell_nothing(paths):
    assert guess_groups(paths, ['cat']) is None


def test_folders_of_classes_are_no_groups():
    names = [f'c{n}' for n in range(20)]
    paths = [f'{name}/{n}.jpg' for name in names for n in range(4)]
    assert guess_groups(paths, names) is None
