"""Exports of Label Studio: JSON, JSON-MIN and CSV."""

import json

import pytest

from .conftest import counts


def choose(*names, **kwargs):
    """Return an annotation with choices."""
    result = [dict(type='choices', value=dict(choices=list(names)))]
    return dict(id=9, result=result if names else [], **kwargs)


def task(name, *annotations):
    """Return a task with an uploaded image."""
    data = dict(image=f'/data/upload/1/{name}')
    return dict(id=1, annotations=list(annotations), data=data)


def short(name, choice=None, **kwargs):
    """Return an annotation of JSON-MIN."""
    return dict(
        image=f'/data/upload/1/{name}',
        id=1,
        annotator=1,
        annotation_id=9,
        **({} if choice is None else dict(choice=choice)),
        **kwargs,
    )


TASKS = [task('d06c405d-1.jpg', choose('Cat', 'Dog')),
         task('aa-2.jpg', choose())]  # fmt: skip
SHORT = [short('d06c405d-1.jpg', dict(choices=['Cat', 'Dog'])),
         short('aa-2.jpg', 'Cat')]  # fmt: skip


@pytest.fixture
def read(table):
    """Return a reader of an export."""

    def read(value, rest='unknown', **options):
        return table(json.dumps(value), 'a.json', rest=rest, **options)

    return read


def test_tasks(read):
    marked = read(TASKS)
    assert marked.classes == ['Cat', 'Dog']
    # The second was looked at, and nothing was chosen.
    assert counts(marked) == (2, 2, 2, 0)
    assert counts(read(TASKS, 'absent')) == (2, 2, 2, 2)
    with pytest.raises(ValueError, match='--rest absent: yes'):
        read(TASKS, None)


def test_the_short_export(read):
    assert counts(read(SHORT, 'absent')) == (2, 2, 3, 1)
    assert counts(read([*SHORT, short('3.jpg')], 'absent')) == (3, 2, 3, 3)
    more = [short('3.jpg', ''), short('4.jpg', ' Cat')]
    assert counts(read([*SHORT, *more], 'absent')) == (4, 2, 4, 4)


def test_names_of_uploads_are_those_of_the_files_that_are_there(
    read, tmp_path
):
    (tmp_path / 'images').mkdir()
    for name in ('1.jpg', 'aa-2.jpg'):
        (tmp_path / 'images' / name).touch()
    marked = read(TASKS, images=str(tmp_path / 'images'))
    assert marked.images == ['1.jpg', 'aa-2.jpg']
    assert read(TASKS).images == ['d06c405d-1.jpg', 'aa-2.jpg']
    served = dict(TASKS[0], data=dict(x='/data/local-files/?d=in/1%20a.jpg'))
    assert read([served]).images == ['in/1 a.jpg']


def test_what_annotators_differ_about_is_unknown(read):
    both = task('1.jpg', choose('Cat', 'Dog'), choose('Cat'))
    marked = read([both, task('2.jpg', choose('Dog'))], 'absent')
    assert list(marked.lists()) == [([0], []), ([1], [0])]
    assert any('1 choices are of some annotators' in x for x in marked.notes)


def test_images_that_nobody_looked_at_are_left_out(read):
    skipped = choose('Cat', was_cancelled=True)
    tasks = [task('1.jpg'), task('2.jpg', skipped), *TASKS]
    marked = read(tasks)
    assert len(marked) == 2
    assert any('2 images have no annotation, or' in x for x in marked.notes)


def test_labels_of_boxes_count_and_ratings_do_not(read):
    box = dict(value=dict(x=1, rectanglelabels=['Cat']))
    rating = dict(value=dict(rating=4))
    boxes = task('1.jpg', dict(result=[box, box, rating]))
    assert counts(read([boxes], 'absent')) == (1, 1, 1, 0)


def test_several_answers_are_asked_about(read):
    records = [short('1.jpg', 'Cat', mood='good')]
    message = r"which answer .* There are \['choice', 'mood'\]; name one with"
    with pytest.raises(ValueError, match=message):
        read(records)
    assert read(records, positive_key='mood').classes == ['good']


@pytest.mark.parametrize(
    'change, rule',
    [
        (dict(data=3), 'its data must name one image, .* but has 3'),
        (dict(data=dict(a='x/1.jpg', b='x/2.jpg')), 'its data must name one'),
        (dict(annotations=3), 'its "annotations" must be a list of objects'),
        (dict(annotations=[{}]), 'its "annotations" must be a list of objec'),
        (dict(annotations=[dict(result=[3])]), 'a result must be an object'),
        (
            dict(annotations=[dict(result=[dict(value=dict(choices='x'))])]),
            "'choices' must be a list of names, but is 'x'",
        ),
    ],
)
def test_a_bad_task_is_named(read, change, rule):
    with pytest.raises(ValueError, match=rf'a\.json, record 2: {rule}'):
        read([TASKS[0], dict(TASKS[1], **change)])


def test_a_bad_answer_is_named(read):
    for answer in (3, [3], dict(choices=3)):
        with pytest.raises(ValueError, match=r'record 2: .* must be a'):
            read([SHORT[0], short('2.jpg', answer)])


def test_the_csv_is_a_table_of_tags(table):
    marked = table(
        'annotation_id,annotator,choice,id,image\n'
        '9,1,"{""choices"":[""Cat"",""Dog""]}",1,/data/upload/1/d0-1.jpg\n'
        '10,1,Cat,2,/data/upload/1/aa-2.jpg\n',
        tags='choice',
        strip_prefix='/data/upload/1/',
        rest='absent',
    )
    assert marked.images == ['d0-1.jpg', 'aa-2.jpg']
    assert counts(marked) == (2, 2, 3, 1)
