"""Texts in flat arrays."""

from mmwsml.structures.text_array import TextArray

TEXTS = ['set/a.png', '', 'bild/über\nzwei.png', '画像']


def test_texts_come_back(tmp_path):
    TextArray.collect(TEXTS).save(tmp_path, 'names')
    texts = TextArray.open(tmp_path, 'names')
    assert list(texts.all()) == TEXTS
    assert texts.of(2) == TEXTS[2]


def test_no_text_is_possible(tmp_path):
    TextArray.collect([]).save(tmp_path, 'names')
    assert list(TextArray.open(tmp_path, 'names').all()) == []
