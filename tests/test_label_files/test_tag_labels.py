"""Tables whose cells name the classes."""

import json

import pytest

from .conftest import counts

NIH = (
    'Image Index,Finding Labels,Follow-up #,Patient ID\n'
    '1_000.png,Cardiomegaly,0,1\n'
    '1_001.png,Cardiomegaly|Emphysema,1,1\n'
    '2_000.png,No Finding,0,2\n'
    '3_000.png,Hernia|Infiltration,0,3\n'
)


@pytest.mark.parametrize('rest, num_absent', [('unknown', 4), ('absent', 11)])
def test_nih(table, rest, num_absent):
    marked = table(
        NIH,
        tags='Finding Labels',
        tag_separator='|',
        none='No Finding',
        rest=rest,
    )
    assert marked.classes == [
        'Cardiomegaly',
        'Emphysema',
        'Hernia',
        'Infiltration',
    ]
    assert counts(marked) == (4, 4, 5, num_absent)
    # Nothing is there: that is said, whatever the rest is.
    assert list(marked.lists())[2] == ([], [0, 1, 2, 3])


FORMS = {
    'blanks': ('scab  complex', dict(tag_separator=' ')),
    'commas': ('scab, complex', dict(tag_separator=',')),
    'quotes': ('"scab", "complex"', dict(tag_separator=',')),
    'JSON': ('["scab", "complex"]', {}),
    'Python': ("['scab', 'complex']", {}),
    'a tuple': ("('scab', 'complex')", {}),
    'object': ('{"choices": ["scab", "complex"]}', {}),
    'twice': ('scab|complex|scab', dict(tag_separator='|')),
}


@pytest.mark.parametrize('form', FORMS)
def test_lists_of_names_in_one_cell(table, form):
    cell, options = FORMS[form]
    cell = cell.replace('"', '""')
    marked = table(
        f'image,labels\na.jpg,healthy\nb.jpg,"{cell}"\nc.jpg,\n',
        tags='labels',
        rest='unknown',
        **options,
    )
    assert marked.classes == ['complex', 'healthy', 'scab']
    assert list(marked.lists()) == [([1], []), ([0, 2], []), ([], [])]


def test_a_line_a_label(table):
    text = 'image,label\na.jpg,cat\na.jpg,hot dog\nb.jpg,cat\n'
    marked = table(text, tags='label', rest='absent')
    assert list(marked.images) == ['a.jpg', 'b.jpg']
    assert list(marked.lists()) == [([0, 1], []), ([0], [1])]
    assert '1 lines are of an image of an earlier line.' in marked.notes


def test_several_columns_of_names(table):
    text = 'id,label1,label2,label3\n1.jpg,cat,dog,\n2.jpg,dog,,\n'
    with pytest.raises(ValueError, match=r'no column holds marks.*--tags'):
        table(text)
    marked = table(text, tags='label1,label2,label3', rest='absent')
    assert marked.classes == ['cat', 'dog']
    assert list(marked.lists()) == [([0, 1], []), ([1], [0])]
    assert marked.place(1).endswith('line 3')


NUMBERS = 'image,label\na.jpg,0\na.jpg,1.0\nb.jpg,1\nc.jpg,10\nd.jpg,2\n'


def test_numbers_are_classes_named_by_their_number(table):
    marked = table(NUMBERS, tags='label', rest='unknown')
    assert marked.classes == ['0', '1', '2', '10']
    assert [x for x, _ in marked.lists()] == [[0, 1], [1], [3], [2]]


def test_numbers_are_named_by_a_list(table, tmp_path):
    names = [f'class {n}' for n in range(11)]
    (tmp_path / 'names.txt').write_text('\n'.join(names))
    path = str(tmp_path / 'names.txt')
    marked = table(NUMBERS, tags='label', names=path, rest='absent')
    assert marked.classes == names
    assert [x for x, _ in marked.lists()] == [[0, 1], [1], [10], [2]]
    (tmp_path / 'names.txt').write_text('cat\n')
    with pytest.raises(ValueError, match='1 names, for labels from 0 to 0, b'):
        table(NUMBERS, tags='label', names=path, rest='absent')


def test_a_column_may_say_whether_a_label_is_there(table):
    text = (
        'ImageID,Source,LabelName,Confidence\n'
        '0001,verification,/m/cat,1\n0001,verification,/m/dog,0\n'
        '0002,verification,/m/dog,1\n'
    )
    options = dict(
        image_column='ImageID',
        tags='LabelName',
        mark_column='Confidence',
        suffix='.jpg',
        rest='unknown',
    )
    marked = table(text, **options)
    assert list(marked.images) == ['0001.jpg', '0002.jpg']
    assert list(marked.lists()) == [([0], [1]), ([1], [])]
    wrong = f'{text}0001,verification,/m/dog,1\n'
    with pytest.raises(ValueError, match="line 2: the class '/m/dog' of '000"):
        table(wrong, **options)


REFUSED = {
    'no word about the rest': (
        NIH,
        dict(tags='Finding Labels', tag_separator='|'),
        r'a\.csv: the file says what is in its 4 images \(6 labels\), but not '
        r'what the other 14 labels are\. .*--rest absent: yes.*--rest unknown',
    ),
    'no separator': (
        NIH,
        dict(tags='Finding Labels'),
        r"does 'Cardiomegaly\|Emphysema' .* --tag-separator '\|'\. One: ",
    ),
    'no separator, blanks': (
        'image,labels\na.jpg,scab complex\n',
        dict(tags='labels'),
        "does 'scab complex' .* Several: --tag-separator ' '",
    ),
    'no such column': (
        NIH,
        dict(tags='labels'),
        "no column 'labels', which --tags names, but .*'Finding Labels'",
    ),
    'no such tag': (
        NIH,
        dict(tags='Finding Labels', tag_separator='|', none='none'),
        "--none: there is no tag 'none'",
    ),
    'nothing beside something': (
        'image,labels\na.jpg,none|cat\nb.jpg,cat\n',
        dict(tags='labels', tag_separator='|', none='none'),
        "line 2: has 'none', which says that nothing is there, and another",
    ),
    'a list that is cut off': (
        'image,labels\na.jpg,"[""cat"", "\n',
        dict(tags='labels'),
        'line 2: .* must be a list of names or numbers',
    ),
    "NumPy's list": (
        "image,labels\na.jpg,['cat' 'dog']\n",
        dict(tags='labels'),
        'line 2: .* must be a list of names or numbers',
    ),
    'a deep list': (
        f'image,labels\na.jpg,{"[" * 3000}\n',
        dict(tags='labels'),
        'line 2: .* must be a list of names or numbers',
    ),
}


@pytest.mark.parametrize('form', REFUSED)
def test_refuses_in_a_sentence_what_could_be_misread(table, form):
    text, options, message = REFUSED[form]
    with pytest.raises(ValueError, match=message):
        table(text, **options)


@pytest.mark.parametrize(
    'text, columns, options, expected',
    [
        ('a.jpg 0 1 1\nb.jpg  1 0 0\n', 'image,x,y,z', {}, (2, 3, 3, 3)),
        (
            '2008_8.jpg,12 14\n2008_15.jpg,4\n',
            'image,labels',
            dict(tags='labels', tag_separator=' ', rest='unknown'),
            (2, 3, 3, 0),
        ),
    ],
)
def test_lists_without_a_head(table, text, columns, options, expected):
    with pytest.raises(
        ValueError, match=r'--columns image,CLASS.*--tags labe'
    ):
        table(text, 'list.txt')
    marked = table(text, 'list.txt', columns=columns, **options)
    assert counts(marked) == expected


def test_lines_of_json(table):
    lines = [
        dict(file_name='1.jpg', labels=['cat', 'dog']),
        dict(file_name='2.jpg', labels=['cat'], width=8),
    ]
    text = '\n'.join(map(json.dumps, lines))
    marked = table(text, 'metadata.jsonl', tags='labels', rest='unknown')
    assert counts(marked) == (2, 2, 3, 0)
    for wrong in ('{"file_name": ', '["a"]'):
        with pytest.raises(ValueError, match='line 3: must be a JSON object'):
            table(f'{text}\n{wrong}\n', 'metadata.jsonl', tags='labels')
