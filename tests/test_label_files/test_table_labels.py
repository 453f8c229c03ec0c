"""Tables of marks, in the forms in which they lie on people's disks."""

import pytest

from mmwsml.label_files.annotations import to_entries

from .conftest import counts

#: Name: text, options, and images, classes, positives and negatives.
FORMS = {
    'plain': ('image,cat,dog\na.jpg,1,0\nb.jpg,,1\n', {}, (2, 2, 2, 1)),
    'bool': (
        'image,cat,dog\na.jpg,True,False\nb.jpg,FALSE,TRUE\n',
        {},
        (2, 2, 2, 2),
    ),
    'float': ('image,cat,dog\na.jpg,1.0,0.0\nb.jpg,,1.0\n', {}, (2, 2, 2, 1)),
    'mixed float': (
        'image,cat,dog\na.jpg,1,0.0\nb.jpg,0,1.0\n',
        {},
        (2, 2, 2, 2),
    ),
    'NaN': ('image,cat,dog\na.jpg,1,NaN\nb.jpg,nan,1\n', {}, (2, 2, 2, 0)),
    'NA': ('image,cat,dog\na.jpg,1,NA\nb.jpg,0,<NA>\n', {}, (2, 2, 1, 1)),
    'yes': ('image,cat,dog\na.jpg,yes,No\n', {}, (1, 2, 1, 1)),
    'x': ('image,cat,dog\na.jpg,x,\n', {}, (1, 2, 1, 0)),
    'semicolons': ('image;cat;dog\na.jpg;1;0\nb.jpg;;1\n', {}, (2, 2, 2, 1)),
    'decimal comma': ('image;cat;dog\na.jpg;1,0;0,0\n', {}, (1, 2, 1, 1)),
    'tabs': ('image\tcat\tdog\na.jpg\t1\t0\n', {}, (1, 2, 1, 1)),
    'index': (',image,cat,dog\n0,a.jpg,1,0\n1,b.jpg,0,1\n', {}, (2, 2, 2, 2)),
    'case of the head': ('Image,cat,dog\na.jpg,1,0\n', {}, (1, 2, 1, 1)),
    'lone CR': ('image,cat,dog\ra.jpg,1,0\rb.jpg,0,1\r', {}, (2, 2, 2, 2)),
    'CRLF': ('image,cat,dog\r\na.jpg,1,0\r\n', {}, (1, 2, 1, 1)),
    'BOM': ('\ufeffimage,cat,dog\na.jpg,1,0\n', {}, (1, 2, 1, 1)),
    'UTF-16': (
        'image,cat,dog\na.jpg,1,0\n'.encode('utf-16'),
        {},
        (1, 2, 1, 1),
    ),
    'GBK': (
        'image,猫,狗\na.jpg,1,0\n'.encode('gbk'),
        dict(encoding='gbk'),
        (1, 2, 1, 1),
    ),
    'blanks': ('image, cat , dog\n a.jpg , 1 , 0\n', {}, (1, 2, 1, 1)),
    'quote after a blank': ('image,cat\n"a.jpg", "1"\n', {}, (1, 1, 1, 0)),
    'comment': ('# by me\nimage,cat,dog\na.jpg,1,0\n', {}, (1, 2, 1, 1)),
    'full width': ('image,cat\na.jpg,\uff11\n', {}, (1, 1, 1, 0)),
    'hard blank': ('image,cat,dog\na.jpg,\xa01,0\n', {}, (1, 2, 1, 1)),
    'number as text': ('image,cat,dog\na.jpg,01,0\n', {}, (1, 2, 1, 1)),
    'trailing comma': ('image,cat,dog,\na.jpg,1,0,\n', {}, (1, 2, 1, 1)),
    'comma in rows': ('image,cat,dog\na.jpg,1,0,\n', {}, (1, 2, 1, 1)),
    'all unknown': ('image,cat,dog\na.jpg,,\nb.jpg,1,\n', {}, (2, 2, 1, 0)),
    'one class': ('image,cat\na.jpg,1\n', {}, (1, 1, 1, 0)),
    'two cases': ('image,Cat,cat\na.jpg,1,0\n', {}, (1, 2, 1, 1)),
    'no ending': (
        'image,MEL,NV\nISIC_0024306,0,1\n',
        dict(suffix='.jpg'),
        (1, 2, 1, 1),
    ),
    'counts': (
        'image,cat,dog\na.jpg,1,0\nb.jpg,2,0\nc.jpg,0,3\nd.jpg,0,0\n',
        dict(present='1,2,3'),
        (4, 2, 3, 5),
    ),
    '-1 absent, 0 unknown': (
        'image,cat,dog\na.jpg,1,-1\nb.jpg,-1,1\nc.jpg,0,1\n',
        dict(absent='-1', unknown='0'),
        (3, 2, 3, 2),
    ),
    '-1 and 0 absent': (
        'image,cat,dog\na.jpg,1,-1\nb.jpg,-1,1\nc.jpg,0,1\n',
        dict(absent='-1,0'),
        (3, 2, 3, 3),
    ),
    'empty is absent': (
        'image,cat,dog\na.jpg,1,\n',
        dict(rest='absent'),
        (1, 2, 1, 1),
    ),
    'merged': (
        'image,cat,dog\na.jpg,1,0\na.jpg,1,0\nb.jpg,0,1\n',
        {},
        (2, 2, 2, 2),
    ),
    'URL': (
        'image,cat,dog\nhttps://x.org/a.jpg,1,0\n',
        dict(strip_prefix='https://x.org/'),
        (1, 2, 1, 1),
    ),
}


@pytest.mark.parametrize('form', FORMS)
def test_reads_what_people_have(table, form):
    text, options, expected = FORMS[form]
    assert counts(table(text, **options)) == expected


@pytest.mark.parametrize(
    'head, names',
    [
        ('image, cat, "dog, big"', ['cat', 'dog, big']),
        ('image,cat\u200b,dog', ['cat', 'dog']),
        ('image,"cat\n(domestic)",dog', ['cat (domestic)', 'dog']),
        ('"image","cat ""x""","dog"', ['cat "x"', 'dog']),
        ('image,cafe\u0301,dog', ['caf\xe9', 'dog']),
    ],
)
def test_names_of_classes_are_written_in_one_way(table, head, names):
    marked = table(f'{head}\n"my photos/a, b.jpg",1,0\n')
    assert marked.classes == names
    assert marked.images == ['my photos/a, b.jpg']
    assert list(marked.lists()) == [([0], [1])]


@pytest.mark.parametrize(
    'column, cells, reason',
    [
        ('fold', '01', 'by its name it is no class'),
        ('is_train', '10', 'by its name it is no class'),
        ('Unnamed: 0', '01', 'by its name it is no class'),
        ('patient id', '01', 'by its name it is no class'),
        ('width', ('640', '640'), "its values are no marks, such as '640'"),
        ('Sex', ('Female', ''), "such as 'Female'"),
        ('Age', ('50', '51'), "such as '50'"),
    ],
)
def test_a_column_that_is_no_label_is_left_out(table, column, cells, reason):
    rows = [f'{n}.jpg,{cell},1,0' for n, cell in enumerate(cells)]
    marked = table('\n'.join([f'image,{column},cat,dog', *rows]))
    assert marked.classes == ['cat', 'dog'] and counts(marked)[2:] == (2, 2)
    (note,) = [x for x in marked.notes if column in x]
    assert reason in note


CHEXPERT = (
    'Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema,Fracture\n'
    'CheXpert/train/p1/view1.jpg,Female,50,Frontal,AP,1.0,0.0,\n'
    'CheXpert/train/p2/view1.jpg,Male,51,Lateral,,,-1.0,1.0\n'
    'CheXpert/train/p3/view1.jpg,Male,52,Frontal,PA,,-1.0,\n'
)


@pytest.mark.parametrize(
    'options, known',
    [(dict(unknown='-1'), (2, 1)), (dict(absent='-1'), (2, 3))],
)
def test_chexpert(table, options, known):
    marked = table(CHEXPERT, **options)
    assert marked.classes == ['No Finding', 'Edema', 'Fracture']
    assert counts(marked) == (3, 3, *known)
    assert "The images are those of the column 'Path'." in marked.notes


def test_what_a_person_calls_unknown_stays_so_beside_the_rest(table):
    marked = table(CHEXPERT, unknown='-1', rest='absent')
    assert list(marked.lists()) == [([0], [1, 2]), ([2], [0]), ([], [0, 2])]


REFUSED = {
    'minus one': (
        CHEXPERT,
        r'these values mean: -1 2 times in the cells of 3 classes\? .*Say it: '
        r'--unknown=-1 or --absent=-1',
    ),
    'minus one and zero': (
        'image,cat\na.jpg,1\nb.jpg,-1\nc.jpg,0\n',
        r'-1 1 times, 0 1 times in .* --unknown=0 or --absent=0',
    ),
    'counts': (
        'image,cat\na.jpg,1\nb.jpg,2\nc.jpg,0\n',
        r"column 'cat' holds something else .* in 1 of 3 lines: '2'\. .* "
        '--present 1,2,3',
    ),
    'one column of numbers': (
        'image,label\na.jpg,0\nb.jpg,1\n',
        "only column, 'label', .* numbers of classes .*--tags 'label'. A cl",
    ),
    'numbers of classes': (
        'image,label\na.jpg,0\na.jpg,1\nb.jpg,1\nc.jpg,2\n',
        "If it names classes: --tags 'label'",
    ),
    'tags': (
        'image,labels\na.jpg,healthy\nb.jpg,scab complex\n',
        "no column holds marks.* It has 'labels': 'healthy', 'scab complex'.*"
        "--tags 'labels' --tag-separator ' '",
    ),
    'tags beside a column of numbers': (
        'image,Finding Labels,Follow-up #\na.png,Hernia,0\nb.png,Mass,1\n',
        "'Finding Labels' name the classes .'Hernia', 'Mass'.*--classes 'Fol",
    ),
    'lists beside a column of numbers': (
        'image,choice,annotator\na.png,"[""cat""]",1\n',
        "the column 'choice' name the classes .*--tags 'choice', or",
    ),
    'other words': (
        'image,cat\na.jpg,there\nb.jpg,gone\n',
        "It has 'cat': 'there', 'gone'. If other values are marks, name them",
    ),
    'formula': ('image,cat\na.jpg,=1+0\n', "It has 'cat': '=1\\+0'"),
    'no column': ('image\na.jpg\n', 'no column but the images'),
    'two columns of one name': (
        'image,cat,dog,cat\na.jpg,1,0,1\n',
        r"the columns \[2, 4\] have one name, 'cat'",
    ),
    'contradiction': (
        'image,cat,dog\na.jpg,1,0\na.jpg,1,1\n',
        r"a\.csv, line 3: 'a\.jpg' is there twice, first in .*, line 2, and "
        "of 'dog' they",
    ),
    'short row': ('image,cat,dog\na.jpg,1\n', 'line 2: must have 3 cells'),
    'long row': ('image,cat\na.jpg,1,0\n', 'line 2: must have 2 cells'),
    'no name': ('image,cat\n,1\n', 'line 2: there is no name of an image'),
    'empty': ('', r'a\.csv: has no line with text'),
    'head only': ('image,cat,dog\n', "'dog'], but no image below it"),
    'latin-1': (
        'image,café\na.jpg,1\n'.encode('latin-1'),
        'line 1: the text must be UTF-8, but holds the byte 0xe9; .*--encodi',
    ),
    'URL': (
        'image,cat\nhttps://x.org/a.jpg,1\n',
        "line 2: the path 'https://x.org/a.jpg' must lead .*--strip-prefix",
    ),
    'no ending': (
        'image,cat\na,1\nb,0\n',
        "line 2: the name of the image 'a' has no ending; .*--suffix .jpg",
    ),
    'a million letters': (
        f'image,cat,note\na.jpg,1,{"z" * 10**6}\n',
        'line 2: a cell is too long to hold labels',
    ),
    'no column of images': (
        'x,y\n1,0\n',
        r"which column names the images\? None .*\['x', 'y'\]; .*--image-col",
    ),
    'two columns of images': (
        'left,right,cat\na.jpg,b.jpg,1\n',
        r"the images\? Several .*\['left', 'right'\]; .*--image-column",
    ),
    'a quote that is not closed': (
        'image,cat\n"a.jpg,1\nb.jpg,0\n',
        r'line 2: cannot be read .* up to line 3 .*nothing closes',
    ),
    'a quote that swallows a line': (
        'image,cat\n"a.jpg,1\nb",0\nc.jpg,1\n',
        'line 2: the name of an image holds a line break',
    ),
}


@pytest.mark.parametrize('form', REFUSED)
@pytest.mark.parametrize('skip', [False, True])
def test_refuses_in_a_sentence_what_could_be_misread(table, form, skip):
    text, message = REFUSED[form]
    with pytest.raises(ValueError, match=f'(?s){message}'):
        table(text, skip=skip)


def test_no_encoding_of_that_name(table):
    with pytest.raises(ValueError, match="there is no encoding 'utf-99'"):
        table('image,cat\na.jpg,1\n', encoding='utf-99')


def test_a_value_means_one_thing(table):
    with pytest.raises(ValueError, match=r"'1\.0' is in two of them"):
        table('image,cat\na.jpg,1\n', present='1', absent='1.0')


def test_a_lone_column_is_a_class_if_a_person_says_so(table):
    marked = table('image,label\na.jpg,0\nb.jpg,1\n', classes='label')
    assert counts(marked) == (2, 1, 1, 1)


def test_classes_choose_columns_by_name_and_order(table):
    text = 'image,dog,cat,cow,age\nv.jpg,1,0,1,3\n'
    marked = table(text, classes='cat,dog')
    assert list(marked.lists()) == [([1], [0])]
    assert "The column 'cow' is left out: it is not among" in marked.notes[1]


def test_a_chosen_class_that_the_table_has_not_is_unknown(table, tmp_path):
    (tmp_path / 'classes.txt').write_text('cow\ncat\n')
    marked = table(
        'image,cat\na.jpg,1\n',
        classes=str(tmp_path / 'classes.txt'),
        rest='absent',
    )
    assert marked.classes == ['cow', 'cat']
    assert list(marked.lists()) == [([1], [])]
    assert any("Nothing is known of 'cow'" in note for note in marked.notes)
    with pytest.raises(ValueError, match='names none of its columns'):
        table('image,cat\na.jpg,1\n', classes='Cat')


def test_a_bad_line_is_left_out_and_counted(table):
    rows = [f'{n}.jpg,{n % 2},1' for n in range(20)]
    rows[3] = '3.jpg,maybe,1'
    text = '\n'.join(['image,cat,dog', *rows])
    with pytest.raises(ValueError, match=r"line 5: .* of 'cat' is 'maybe'"):
        table(text)
    assert len(table(text, skip=True)) == 19


def test_entries_are_what_the_data_set_reads(table):
    marked = table('image,cat,dog\na.jpg,1,\nb.jpg,0,1\n')
    assert list(to_entries(marked, 'partial')) == [
        dict(img_path='a.jpg', gt_label=[0], neg_label=[]),
        dict(img_path='b.jpg', gt_label=[1], neg_label=[0]),
    ]
