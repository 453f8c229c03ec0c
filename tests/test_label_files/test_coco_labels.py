import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.choices import decide_rest
from mmwsml.label_files.coco_labels import read_coco
from mmwsml.label_files.marked_labels import collect

NAMES = {7: 'cat', 3: 'dog', 9: 'horse'}


def make(images, annotations):
    """Make a COCO file of images (id, extra keys) and pairs of ids."""
    return dict(
        images=[
            dict(id=n, file_name=f'{n}.jpg', **extra) for n, extra in images
        ],
        annotations=[
            dict(image_id=n, category_id=c, iscrowd=int(c == 3))
            for n, c in annotations
        ],
        categories=[dict(id=c, name=name) for c, name in NAMES.items()],
    )


def read(data, skip=False):
    """Read a file; return the images and what was bad."""
    bad = BadEntries(skip)
    source = read_coco('a.json', data, bad)
    assert source.classes == ['cat', 'dog', 'horse']
    marked = decide_rest(collect(source, bad), None, 'complete')
    return {
        path: tuple({source.classes[x] for x in labels} for labels in lists)
        for path, lists in zip(marked.images, marked.lists())
    }, bad


def test_a_category_without_an_annotation_is_the_rest():
    data = make([(1, {}), (2, {})], [(1, 7), (1, 7), (1, 3)])
    assert read(data)[0] == {
        '1.jpg': ({'cat', 'dog'}, {'horse'}),
        '2.jpg': (set(), {'cat', 'dog', 'horse'}),
    }


def test_only_some_categories_are_absent_in_the_form_of_lvis():
    images = [
        (1, dict(neg_category_ids=[9], not_exhaustive_category_ids=[7])),
        (2, dict(neg_category_ids=[])),
        (3, {}),
    ]
    data = make(images, [(1, 7), (3, 3)])
    assert read(data)[0] == {
        '1.jpg': ({'cat'}, {'horse'}),
        '2.jpg': (set(), set()),
        '3.jpg': ({'dog'}, set()),
    }


def test_a_category_that_was_not_searched_for_is_unknown():
    images = [(1, dict(not_exhaustive_category_ids=[7, 3]))]
    data = make(images, [(1, 7)])
    assert read(data)[0] == {'1.jpg': ({'cat'}, {'horse'})}


def test_finds_the_path_in_the_address_that_lvis_gives():
    data = make([(1, {})], [(1, 7)])
    data['images'][0] = dict(
        id=1, coco_url='http://images.cocodataset.org/train2017/1.jpg'
    )
    assert list(read(data)[0]) == ['train2017/1.jpg']


@pytest.mark.parametrize(
    'images, annotations, rule',
    [
        ([(1, {})], [(2, 7)], r'annotations\[0\]: .*no image of the id 2'),
        ([(1, {})], [(1, 5)], r'annotations\[0\]: .*no category of the id 5'),
        ([(1, {}), (2, {}), (2, {})], [], r'images\[1\]: the id 2 is there'),
        (
            [(1, {}), (2, dict(neg_category_ids=[5]))],
            [],
            r'images\[1\]: there is no category of the id 5, which it calls',
        ),
    ],
)
def test_refuses_a_bad_item_or_leaves_it_out(images, annotations, rule):
    good = [(n, {}) for n in range(50, 80)]
    known = [(n, 7) for n, _ in good]
    data = make(images + good, annotations + known)
    with pytest.raises(ValueError, match=rf'a\.json, {rule}'):
        read(data)
    kept, bad = read(data, skip=True)
    assert list(kept) == ['1.jpg', *(f'{n}.jpg' for n, _ in good)]
    assert bad.count == max(1, len(images) - 1)  # both of one id


def test_refuses_an_image_without_a_path():
    data = make([(1, {})], [(1, 7)])
    del data['images'][0]['file_name']
    with pytest.raises(ValueError, match=r'images\[0\]: has no `file_name`'):
        read(data)


@pytest.mark.parametrize('part', ['images', 'annotations', 'categories'])
def test_refuses_a_file_without_one_of_its_parts(part):
    data = make([(1, {})], [(1, 7)])
    data[part].append({})
    with pytest.raises(ValueError, match=rf'a\.json, {part}\[\d\]: must be'):
        read(data)
    del data[part]
    with pytest.raises(ValueError, match=f'must have the list "{part}"; take'):
        read(data)
