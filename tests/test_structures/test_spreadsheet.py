import csv
import io

import pytest

from mmwsml.structures.spreadsheet import read_cell, write_spreadsheet

FORMULAS = ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\n=1', '\uff1d1']


def write(*rows):
    file = io.StringIO(newline='')
    write_spreadsheet(file, rows)
    return file.getvalue()


@pytest.mark.parametrize('text', FORMULAS)
def test_no_text_is_a_formula(text):
    (row,) = csv.reader(io.StringIO(write([text, 'a=1']), newline=''))
    assert row == [f"'{text}", 'a=1']


def test_numbers_stay_numbers():
    assert write([-1.5, -3, None, 'a-1', 0.25]) == '-1.5,-3,,a-1,0.25\n'


@pytest.mark.parametrize(
    'text', [*FORMULAS, "'=1", "''=1", "'n sync", "'", '', "it's", 'a,"b\n']
)
def test_what_is_read_is_what_was_written(text):
    (row,) = csv.reader(io.StringIO(write([text]), newline='')) or [['']]
    assert [read_cell(cell) for cell in row or ['']] == [text]


def test_a_name_that_nobody_guarded_is_as_it_is():
    assert [read_cell(text) for text in FORMULAS] == FORMULAS
