import pytest

TEXT = 'image,patient,cat\na.jpg,p1,1\nb.jpg,p1,0\nc.jpg,,1\nd.jpg,,0\n'


def test_groups_are_those_of_the_column(table):
    marked = table(TEXT, group='patient')
    assert marked.groups[:2] == ['p1', 'p1']
    assert len(set(marked.groups)) == 3  # one without a group stands alone
    assert "'patient' has 1 groups; 2 images are of none." in marked.notes


def test_groups_follow_the_lines_of_tags_and_keys_of_records(table):
    text = 'image,label,by\na.jpg,cat,x\na.jpg,dog,x\nb.jpg,cat,y\n'
    options = dict(rest='absent', group='by')
    assert table(text, tags='label', **options).groups == ['x', 'y']
    text = (
        '{"image": "b.jpg", "to": ["cat"], "by": {"id": 3}}\n'
        '{"image": "a.jpg", "to": ["cat"]}\n'
    )
    options = dict(rest='absent', group='by.id')
    assert table(text, 'a.jsonl', **options).groups[0] == '3'


def test_an_image_of_two_groups_is_refused(table):
    text = 'image,label,by\na.jpg,cat,x\na.jpg,dog,z\n'
    message = r"line 3: 'a\.jpg' is of the group 'z' of 'by', but of 'x' in "
    with pytest.raises(ValueError, match=message):
        table(text, tags='label', rest='absent', group='by')


def test_a_form_without_columns_has_no_groups(table):
    with pytest.raises(ValueError, match=r'--group names a column of a table'):
        table(
            '{"classes": ["cat"], "labels": {"a.jpg": 0}}',
            'a.json',
            rest='absent',
            group='x',
        )
