"""Escaping: what was text stays text."""

import json

from mmwsml.analysis.report.data_table import finite, share_pictures
from mmwsml.analysis.report.markup import data_block, element


def test_texts_and_attributes_are_escaped(read_page):
    evil = '"><script>x</script>\''
    page = read_page(element('p', evil, element('b', evil), title=evil))
    assert page.tags == [('p', {'title': evil}), ('b', {})]
    assert page.words == [evil, evil]


def test_attributes_may_be_left_out_or_bare():
    text = element('input', id='a', class_=False, aria_label='b', open=True)
    assert text == '<input id="a" aria-label="b" open>'


def test_data_end_no_script(read_page):
    value = ['</script><!--', '<script>', '&amp;', '\u2028']
    text = data_block('a', value)
    assert '<' not in text[text.index('[') : text.rindex(']')]
    assert json.loads(text[text.index('[') : text.rindex(']') + 1]) == value
    assert read_page(text).data == {'a': value}


def test_numbers_that_json_lacks_are_none():
    assert [finite(x) for x in (1.5, float('nan'), None)] == [1.5, None, None]


def test_a_picture_is_kept_once():
    pictures, places = share_pictures(['a', None, 'b', 'a'])
    assert pictures == ['a', 'b'] and places == [0, None, 1, 0]
