import csv
import io

import numpy as np
import pytest

from mmwsml.analysis.insights import Table


def test_csv_holds_every_digit_and_any_name():
    rows = [('a,"b"\n', 1 / 3, 7), ('', float('nan'), None)]
    text = Table(('name', 'x', 'n'), rows).to_csv()
    found = list(csv.reader(io.StringIO(text)))
    assert found[1] == ['a,"b"\n', str(1 / 3), '7']
    assert found[2] == ['', '', '']


def test_no_text_of_a_csv_is_a_formula():
    text = Table(('a', '=b'), [('-x', -1.5), ('+1', 3)]).to_csv()
    assert text == "a,'=b\n'-x,-1.5\n'+1,3\n"


def test_numbers_of_numpy_read_as_those_of_python():
    row = np.float64(0.5), np.int64(3), np.float32(0.25)
    assert Table(('a', 'b', 'c'), [row]).to_csv() == 'a,b,c\n0.5,3,0.25\n'


def test_markdown_is_short():
    text = Table(('a', 'b'), [(100 / 3, None), (5, 1e-9)]).to_markdown()
    lines = ['| a | b |', '| --- | --- |', '| 33.33 | n/a |', '| 5 | 1e-09 |']
    assert text.splitlines() == lines


@pytest.mark.parametrize(
    ('name', 'cell'),
    [
        ('a|b', r'a\|b'),
        ('<script>', '&lt;script>'),
        ('a\nb', 'a b'),
        ('*x*_y_`z`', r'\*x\*\_y\_\`z\`'),
        ('R&amp;D', 'R&amp;amp;D'),
        ('$x$', r'\$x\$'),
        ('[a](b)', r'\[a\](b)'),
    ],
)
def test_markup_in_a_name_is_no_markup(name, cell):
    text = Table(('a',), [(name,)]).to_markdown()
    assert text.splitlines()[-1] == f'| {cell} |'
