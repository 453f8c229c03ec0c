"""Lists of JSON objects, and JSON lines."""

import json

import pytest

from .conftest import counts

VAW = [
    dict(
        image_id=2373241,
        instance_id='2373241004',
        positive_attributes=['tiled', 'gray'],
        negative_attributes=['maroon'],
    ),
    dict(
        image_id=2373241,
        instance_id='2373241007',
        positive_attributes=['white'],
        negative_attributes=['gray'],
    ),
    dict(
        image_id=2400861,
        instance_id='2400861001',
        positive_attributes=['brown'],
        negative_attributes=[],
    ),
]
KEYS = dict(
    positive_key='positive_attributes',
    negative_key='negative_attributes',
    suffix='.jpg',
)


@pytest.fixture
def read(table):
    """Return a reader of objects, as JSON or as JSON lines."""

    def read(records, lines=False, **options):
        if lines:
            text = '\n'.join(map(json.dumps, records))
            return table(text, 'a.jsonl', **options)
        return table(json.dumps(records), 'a.json', **options)

    return read


def test_names_of_what_is_present_and_of_what_is_absent(read):
    marked = read(VAW, image_column='instance_id', **KEYS)
    assert marked.classes == ['brown', 'gray', 'maroon', 'tiled', 'white']
    assert counts(marked) == (3, 5, 4, 2)
    # No image of an attribute that nobody speaks of: unknown by itself.
    assert list(marked.lists())[2] == ([0], [])


def test_records_that_contradict_each_other_within_an_image_are_named(read):
    message = r"2: 'gray' is absent in '2373241', but present in .*record 1; c"
    with pytest.raises(ValueError, match=message):
        read(VAW, **KEYS)
    # More than a tenth: no accident. Of 30 images the one is left out.
    more = [dict(VAW[2], image_id=n) for n in range(29)]
    assert len(read([*VAW, *more], skip=True, **KEYS)) == 30
    agreeing = [dict(VAW[0], negative_attributes=[]), *VAW[2:]]
    agreeing.insert(1, dict(VAW[1], negative_attributes=['maroon']))
    assert counts(read(agreeing, **KEYS)) == (2, 5, 4, 1)


@pytest.mark.parametrize('lines', [True, False])
@pytest.mark.parametrize('rest, num_absent', [('unknown', 0), ('absent', 1)])
def test_the_metadata_of_hugging_face(read, lines, rest, num_absent):
    records = [
        dict(file_name='1.jpg', labels=['cat', 'dog']),
        dict(file_name='2.jpg', labels=['cat']),
    ]
    marked = read(records, lines, rest=rest)
    assert counts(marked) == (2, 2, 3, num_absent)
    assert "The classes are what the key 'labels' lists." in marked.notes
    with pytest.raises(ValueError, match=r'--rest absent: yes, these 1 are'):
        read(records, lines)
    with pytest.raises(ValueError, match=r"has no column 'tags', which --pos"):
        read(records, lines, rest=rest, positive_key='tags')


@pytest.mark.parametrize(
    'record, key, names',
    [
        (dict(objects=dict(categories=['cat', 'dog', 'cat'])), 'objects.cat'
         'egories', ['cat', 'dog']),
        (dict(shapes=[dict(label='cat', points=[[1, 2]], kind='box'),
                      dict(label='dog', points=[], kind='box')]),
         'shapes.label', ['cat', 'dog']),
        (dict(annotations=[dict(label='a dog', coordinates={})]),
         'annotations.label', ['a dog']),
        (dict(tags='cat, dog'), 'tags', ['cat', 'dog']),
        (dict(tags={'choices': ['dog']}), 'tags', ['dog']),
    ],
)  # fmt: skip
def test_names_in_inner_objects_and_texts(read, record, key, names):
    records = [dict(image='a.jpg', **record), dict(image='b.jpg')]
    options = dict(rest='unknown', tag_separator=',')
    marked = read(records, positive_key=key, **options)
    assert marked.classes == names
    assert list(marked.lists())[1] == ([], [])
    if '.' in key and 'annotations' not in key:
        with pytest.raises(ValueError, match=rf'It may be \[.*{key}.*--posit'):
            read(records, **options)


def test_numbers_are_names_or_have_names(read, tmp_path):
    records = [dict(image='a.jpg', y=[0, 2]), dict(image='b.jpg', y=[10])]
    with pytest.raises(ValueError, match=r"may be \['y'\]; say which with"):
        read(records, rest='unknown')
    marked = read(records, rest='unknown', positive_key='y')
    assert marked.classes == ['0', '2', '10']
    (tmp_path / 'names').write_text('cat\ndog\ncow\n')
    options = dict(rest='absent', positive_key='y')
    names = str(tmp_path / 'names')
    with pytest.raises(ValueError, match=r"has 3 names, .* a label is '10"):
        read(records, names=names, **options)
    marked = read(records[:1], names=names, **options)
    assert marked.classes == ['cat', 'dog', 'cow']
    assert list(marked.lists()) == [([0, 2], [1])]


def test_rows_of_marks_are_not_taken_for_numbers(read):
    records = [dict(image='a.jpg', y=[1, 0, 1]), dict(image='b.jpg', y=[])]
    with pytest.raises(ValueError, match=r"'y', such as \[1, 0, 1\], holds"):
        read(records, rest='unknown', positive_key='y')


def test_a_key_for_each_class_is_a_table(read):
    records = [dict(image='a.jpg', cat=1, dog=False), dict(image='b.jpg')]
    for lines in (True, False):
        assert counts(read(records, lines)) == (2, 2, 1, 1)


@pytest.mark.parametrize(
    'bad, rule',
    [
        (dict(file_name=dict(x=1), labels=['cat']), 'must be a text, but is'),
        (dict(file_name=1.5, labels=['cat']), 'must be a text, but is 1.5'),
        (dict(file_name=True, labels=['cat']), 'must be a text, but is True'),
        (dict(file_name='1.jpg', labels=[['cat']]), 'must be a list of names'),
        (dict(file_name='1.jpg', labels=[{}]), 'must be a list of names'),
        (dict(file_name='', labels=['cat']), 'there is no name of an image'),
        (dict(file_name=None, labels=['cat']), 'there is no name of an image'),
        ([], r'must be an object, but is \[\]'),
        ('1.jpg', "must be an object, but is '1.jpg'"),
    ],
)
def test_a_bad_record_is_named(read, bad, rule):
    good = dict(file_name='a.jpg', labels=['cat'])
    with pytest.raises(ValueError, match=rf'a\.json, record 2.*{rule}'):
        read([good, bad], rest='unknown')


@pytest.mark.parametrize('key', ['a.b', 'a', None])
def test_lists_that_are_nested_too_deeply_are_refused(table, key):
    text = f'[{{"image": "a.jpg", "a": {"[" * 900}"x"{"]" * 900}}}]'
    with pytest.raises(
        ValueError,
        match=r'a\.json.*(nested too|list of nam|which key|no column)',
    ):
        table(text, 'a.json', rest='unknown', positive_key=key)


def test_a_record_a_label_is_brought_together_by_image(read):
    records = [dict(image=f'{n // 2}.jpg', y=f'c{n % 3}') for n in range(4)]
    marked = read(records, rest='absent', positive_key='y')
    assert list(marked.lists()) == [([0, 1], [2]), ([0, 2], [1])]
    assert '4 records are of 2 images.' in marked.notes


def test_records_that_name_no_class_at_all_are_refused(read):
    records = [dict(image='a.jpg', y=[]), dict(image='b.jpg')]
    with pytest.raises(ValueError, match=r'a\.json: names no class in any'):
        read(records, rest='absent', positive_key='y')


def test_a_record_without_the_key_says_nothing_of_its_own(read):
    records = [dict(image='a.jpg', y=['cat']), dict(image='b.jpg')]
    marked = read(records, rest='unknown')
    assert list(marked.lists()) == [([0], []), ([], [])]
