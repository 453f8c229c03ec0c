import pytest

from mmwsml.label_files.coco_categories import Category, name_categories, to_id


@pytest.mark.parametrize('value', [1, 1.0, '1'])
def test_a_number_is_one_id_however_it_is_written(value):
    assert to_id(value) == 1 and type(to_id(value)) is int


@pytest.mark.parametrize('value', ['01', 'a', '1.0', '-1', '²', ''])
def test_other_texts_are_ids_of_their_own(value):
    assert to_id(value) == value


@pytest.mark.parametrize('value', [None, True, 1.5, float('nan'), [1], {}])
def test_other_values_are_no_ids(value):
    assert to_id(value) is None


@pytest.mark.parametrize('used, kept', [([2], [2]), ([1, 2], [1, 2])])
def test_a_placeholder_has_no_annotation(used, kept):
    categories = {1: Category('pets', 'none'), 2: Category('cat', 'pets')}
    assert list(name_categories('a.json', categories, used)) == kept


def test_a_category_alone_is_no_placeholder():
    categories = {1: Category('cat', 'cat')}
    assert name_categories('a.json', categories, []) == {1: 'cat'}


def test_refuses_two_of_one_name():
    categories = {1: Category('cat'), 2: Category('cat')}
    with pytest.raises(ValueError, match=r"a\.json must .* 'cat' twice"):
        name_categories('a.json', categories, [1])
