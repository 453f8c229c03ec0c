"""Label files that were once read as something else."""

import json

import pytest

from .conftest import convert


def test_numbers_are_of_the_files_own_names(tmp_path):
    data = dict(
        metainfo=dict(classes=['cat', 'dog']),
        data_list=[
            dict(img_path='a.jpg', gt_label=[0], neg_label=[1]),
            dict(img_path='b.jpg', gt_label=[1], neg_label=[]),
        ],
    )
    (tmp_path / 'a.json').write_text(json.dumps(data))
    images = convert(tmp_path / 'a.json', classes=['dog', 'cat'])
    assert images == [('a.jpg', ['cat'], ['dog']), ('b.jpg', ['dog'], [])]


@pytest.mark.parametrize('count', [2, 3])
def test_rows_of_marks_are_not_lists_of_numbers(tmp_path, count):
    classes = ['cat', 'dog', 'cow'][:count]
    marks = [[int(k == n) for k in range(count)] for n in range(2)]
    images = [
        dict(img_path=f'{n}.jpg', gt_label=x) for n, x in enumerate(marks)
    ]
    data = dict(metainfo=dict(classes=classes), data_list=images)
    (tmp_path / 'a.json').write_text(json.dumps(data))
    with pytest.raises(ValueError, match='is it a row of marks, or are these'):
        convert(tmp_path / 'a.json')


@pytest.mark.parametrize(
    'classes', [['cat', 'cat'], [0, 1], 'cat', ['cat', '']]
)
def test_refuses_names_that_are_no_distinct_texts(tmp_path, classes):
    images = [dict(img_path='a.jpg', gt_label=[0], neg_label=[])]
    data = dict(metainfo=dict(classes=classes), data_list=images)
    (tmp_path / 'a.json').write_text(json.dumps(data))
    with pytest.raises(ValueError, match='a list of distinct names, each a t'):
        convert(tmp_path / 'a.json')


@pytest.mark.parametrize('skip', [False, True])
def test_a_quote_that_is_not_closed_swallows_no_lines(tmp_path, skip):
    lines = ['image,cat', *(f'{n}.jpg,1' for n in range(500))]
    lines[5] = '"4.jpg,1'
    for end in ('', '"quoted.jpg",0\n', '500".jpg,0\n'):
        (tmp_path / 'a.csv').write_text('\n'.join(lines) + '\n' + end)
        with pytest.raises(ValueError, match=r'a\.csv, line 6: .*quote'):
            convert(tmp_path / 'a.csv', skip)


@pytest.mark.parametrize('skip', [False, True])
def test_a_column_of_numbers_is_none_of_marks(tmp_path, skip):
    lines = ['image,label', *(f'{n}.jpg,{n % 5}' for n in range(50))]
    (tmp_path / 'a.csv').write_text('\n'.join(lines))
    message = "no column holds marks.*It has 'label': '0', '1', '2'.*--tags"
    with pytest.raises(ValueError, match=message) as refusal:
        convert(tmp_path / 'a.csv', skip)
    assert '--skip-bad' not in str(refusal.value)


def test_a_column_without_a_mark_is_left_out(tmp_path):
    lines = [
        'image,cat,by',
        '0.jpg,1,me',
        *(f'{n}.jpg,1,' for n in range(1, 50)),
    ]
    (tmp_path / 'a.csv').write_text('\n'.join(lines))
    assert convert(tmp_path / 'a.csv')[0] == ('0.jpg', ['cat'], [])


@pytest.mark.parametrize('num_bad', [9, 10])
def test_bad_lines_are_left_out_up_to_a_tenth(tmp_path, num_bad):
    lines = [f'{n}.jpg,1,{n % 2}' for n in range(90)]
    lines[:num_bad] = [f'{n}.jpg,1' for n in range(num_bad)]
    (tmp_path / 'a.csv').write_text('\n'.join(['image,cat,dog', *lines]))
    if num_bad == 9:
        assert len(convert(tmp_path / 'a.csv')) == 81
        return
    with pytest.raises(ValueError, match='10 of 90 entries break a rule, mo'):
        convert(tmp_path / 'a.csv')


def test_an_image_of_two_opinions_is_left_out(tmp_path):
    more = ''.join(f'{n}.jpg,1\n' for n in range(20))
    (tmp_path / 'a.csv').write_text(f'image,cat\na.jpg,1\na.jpg,0\n{more}')
    assert 'a.jpg' not in [image[0] for image in convert(tmp_path / 'a.csv')]


def test_a_class_that_the_file_has_not_is_not_absent(tmp_path):
    data = dict(
        metainfo=dict(classes=['cat']),
        data_list=[dict(img_path='a.jpg', gt_label=[0])],
    )
    (tmp_path / 'a.json').write_text(json.dumps(data))
    with pytest.raises(ValueError, match=r"1 labels of 'a.jpg' are unknown"):
        convert(tmp_path / 'a.json', False, 'complete', classes='cat,cow')
