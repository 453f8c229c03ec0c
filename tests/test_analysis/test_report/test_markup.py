"""Escaping: what was text stays text."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from mmwsml.analysis.insights import Table
from mmwsml.analysis.report.data_table import (
    Column,
    DataTable,
    finite,
    share_pictures,
)
from mmwsml.analysis.report.markup import render
from mmwsml.analysis.report.parts import folded, note, small_table

EVIL = '"><script>x</script>\''


def test_texts_and_attributes_are_escaped(read_page):
    content = Markup('<b>{}</b>').format(EVIL)
    page = read_page(folded(EVIL, content))
    assert [tag for tag, _ in page.tags] == ['details', 'summary', 'b']
    assert page.words[:2] == [EVIL, EVIL]
    table = small_table(Table((EVIL,), [[EVIL]]), EVIL, EVIL)
    page = read_page(table)
    assert page.tags[0][1]['aria-label'] == EVIL
    assert page.tags[-1][1]['download'] == EVIL
    assert 'script' not in [tag for tag, _ in page.tags]


def test_code_stands_in_pairs_of_backticks(read_page):
    page = read_page(note('a `<b>` c'))
    assert [tag for tag, _ in page.tags] == ['p', 'code']
    assert page.words == ['a ', '<b>', ' c']
    assert read_page(note('a `b')).words == ['a `b']


def test_a_number_without_a_class_has_no_attribute(read_page):
    page = read_page(small_table(Table(('a', 'b'), [[1, 'x']]), 'c'))
    cells = [attrs for tag, attrs in page.tags if tag == 'td']
    assert cells == [{'class': 'number'}, {}]


def test_data_end_no_script(read_page):
    value = ['</script><!--', '<script>', '&amp;', '\u2028']
    rows = [(text,) for text in value]
    text = DataTable('a', 'b', [Column('c')], rows, 'd.csv').write()
    data = text[text.index('{"columns"') : text.rindex('}')]
    assert '<' not in data
    assert read_page(text).data['a-data']['rows'] == [[x] for x in value]


def test_a_name_that_a_template_lacks_is_an_error():
    with pytest.raises(UndefinedError, match="'content' is undefined"):
        render('folded', title='a')


def test_numbers_that_json_lacks_are_none():
    assert [finite(x) for x in (1.5, float('nan'), None)] == [1.5, None, None]


def test_a_picture_is_kept_once():
    pictures, places = share_pictures(['a', None, 'b', 'a'])
    assert pictures == ['a', 'b'] and places == [0, None, 1, 0]
