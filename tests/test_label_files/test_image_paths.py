import pytest

from .conftest import counts


@pytest.fixture
def images(tmp_path):
    """Make a folder of images; return its path."""

    def make(*paths):
        for path in paths:
            (tmp_path / 'images' / path).parent.mkdir(
                parents=True, exist_ok=True
            )
            (tmp_path / 'images' / path).touch()
        return str(tmp_path / 'images')

    return make


@pytest.mark.parametrize(
    'named, there',
    [
        ('a.jpg', 'a.jpg'),
        ('./a.jpg', 'a.jpg'),
        ('train\\a.jpg', 'train/a.jpg'),
        ('CheXpert-v1.0/train/p1/a.jpg', 'train/p1/a.jpg'),
        ('C:\\me\\train\\a.jpg', 'train/a.jpg'),
        ('/home/me/a.jpg', 'a.jpg'),
        ('a.jpg', 'train/a.jpg'),
        ('p1/a.jpg', 'train/p1/a.jpg'),
        ('ISIC_1', 'train/ISIC_1.jpg'),
        ('v1.0', 'v1.0.png'),
        ('cafe\u0301.jpg', 'caf\xe9.jpg'),
        ('caf\xe9.jpg', 'cafe\u0301.jpg'),
    ],
)
def test_finds_an_image_by_the_end_of_its_path(table, images, named, there):
    folder = images(there, 'other/b.jpg')
    marked = table(f'image,cat\n{named},1\n', images=folder)
    assert marked.images == [there]
    note = f"1 images of {folder} have no label; the first is 'other/b.jpg'."
    assert note in marked.notes


@pytest.mark.parametrize(
    'named, there, rule',
    [
        (['b.jpg'], ['a.jpg'], "there is no image 'b.jpg' in "),
        (['a.jgp'], ['x/A.JPG'], "there is no .* in .*, but 'x/A.JPG'"),
        (['a.jpg'], ['x/a.jpg', 'y/a.jpg'], "'a.jpg' may be x/a.jpg or y/a"),
        (['a'], ['a.jpg', 'a.png'], "'a' may be a.jpg or a.png in"),
        (['x/a.jpg', 'y/a.jpg'], ['a.jpg'], "'y/a.jpg' leads to 'a.jpg', as"),
    ],
)
def test_refuses_what_leads_to_no_or_several(
    table, images, named, there, rule
):
    text = '\n'.join(['image,cat', *(f'{name},1' for name in named)])
    with pytest.raises(ValueError, match=f'line [23]: {rule}'):
        table(text, images=images(*there))


def test_a_folder_that_is_not_there(table):
    with pytest.raises(FileNotFoundError, match='--images: there is no fol'):
        table('image,cat\na.jpg,1\n', images='nowhere')


def test_labels_without_an_image_may_be_left_out(table, images):
    rows = ''.join(f'{n}.jpg,1\n' for n in range(5))
    options = dict(images=images('3.jpg'))
    marked = table(f'image,cat\n{rows}', skip=True, **options)
    assert marked.images == ['3.jpg'] and counts(marked) == (1, 1, 1, 0)


def test_what_stands_in_front_is_cut_off(table):
    options = dict(strip_prefix='C:\\me\\', suffix='.jpg')
    text = 'image,cat\nC:\\me\\day\\a,1\nC:\\me\\b.png,0\n'
    assert table(text, **options).images == ['day/a.jpg', 'b.png']
