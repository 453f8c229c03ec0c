import pytest

from mmwsml.label_files.image_finder import ImageFinder

IDS = ['x/a/1.jpg', 'x/b/1.jpg', 'x/b/2.jpg', 'x/b/aa/3.jpg']


@pytest.mark.parametrize(
    'path, sample_id',
    [
        ('2.jpg', 'x/b/2.jpg'),
        ('b/2.jpg', 'x/b/2.jpg'),
        ('b\\2.jpg', 'x/b/2.jpg'),
        ('./b/1.jpg', 'x/b/1.jpg'),
        ('x/a/1.jpg', 'x/a/1.jpg'),
    ],
)
def test_finds_an_image_by_the_end_of_its_path(path, sample_id):
    assert ImageFinder(IDS).find(path) == sample_id


@pytest.mark.parametrize('path', ['9.jpg', 'a/2.jpg', 'a/3.jpg', '', 'jpg'])
def test_refuses_an_image_that_is_not_there(path):
    with pytest.raises(LookupError, match=f"has no image '{path}'"):
        ImageFinder(IDS).find(path)


def test_refuses_a_path_of_two_images():
    message = "'1.jpg' may be x/a/1.jpg or x/b/1.jpg"
    with pytest.raises(LookupError, match=message):
        ImageFinder(IDS).find('1.jpg')
