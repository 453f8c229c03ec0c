from pathlib import Path

import pytest

from mmwsml.datasets.open_images_csv import read_image_ids, read_labels
from mmwsml.datasets.open_images_report import Report

HEADER = 'ImageID,Source,LabelName,Confidence'
A, B = '000060e3121c7305', 'ffffffffffffffff'
CLASS_OF = {'/m/0a': 0, '/m/0b': 65535}


@pytest.fixture
def write(tmp_path):
    """Write a file of lines; return its path."""

    def write(lines, name='annotations-human.csv', end='\n'):
        path = tmp_path / name
        path.write_bytes(end.join(lines).encode('latin-1'))
        return path

    return write


def read(path, skip_bad=False):
    """Read labels as tuples; return the report too."""
    report = Report(skip_bad)
    lines = read_labels(path, CLASS_OF, report)
    codes = iter(lines.codes.tolist())
    runs = zip(lines.ids.tolist(), lines.lengths.tolist())
    found = [
        (f'{image:016x}', *divmod(next(codes), 2))
        for image, length in runs
        for _ in range(length)
    ]
    return found, report


@pytest.mark.parametrize('end', ['\n', '\r\n'])
@pytest.mark.parametrize('last', [[], ['']])
def test_reads_class_and_sign_of_every_line(write, end, last):
    lines = [
        f'{B},verification,/m/0b,1',
        f'{A},verification,/m/0b,0',
        f'"{A}",crowdsource-verification,/m/0a,1',
        f'{B},verification,/m/0a,0',
    ]
    found, report = read(write([HEADER, *lines, *last], end=end))
    assert found == [(B, 65535, 0), (A, 65535, 1), (A, 0, 0), (B, 0, 1)]
    assert not any(report.values())


def test_counts_the_lines_of_other_classes(write):
    labels = '/m/0x', '/m/0a', '/m/0y', '/m/0x'
    lines = [f'{A},v,{label},1' for label in labels]
    found, report = read(write([HEADER, *lines]))
    assert found == [(A, 0, 0)]
    assert report['classes that are not trainable'] == 2
    assert report['lines of such classes, left out'] == 3


BAD = [
    (f'{A},v,/m/0a', r'the columns .*, but got \['),
    (f'{A},v,/m/0a,1,0.5', r'the columns .*, but got \['),
    (f'{A},verific', r'the columns .*, but got \['),
    (f'{A[1:]},v,/m/0a,1', "16 hexadecimal digits .* got '00060e3"),
    (f'0{A},v,/m/0a,1', "16 hexadecimal digits .* got '0000060e"),
    (f'{A.upper()},v,/m/0a,1', "in lower case, but got '000060E3"),
    ('-00060e3121c7305,v,/m/0a,1', "hexadecimal digits .* got '-00060e3"),
    (f'{A[1:]}\xe9,v,/m/0a,1', 'an image id must be 16'),
    (f'{A},machine,/m/0a,0.7', "of a human must be 1 or 0, got '0.7'"),
    (f'{A},v,/m/0a,', "of a human must be 1 or 0, got ''"),
    (f'{A},v,Cat,1', "a label name must begin with /, but got 'Cat'"),
]


@pytest.mark.parametrize('line, rule', BAD)
def test_refuses_a_malformed_line_and_names_it(write, line, rule):
    path = write([HEADER, f'{A},v,/m/0b,1', line])
    message = rf'human\.csv, line 3: .*{rule}.*; correct .* pass --skip-bad'
    with pytest.raises(ValueError, match=message):
        read(path)


def test_skips_malformed_lines_and_counts_them(write):
    lines = [line for line, _ in BAD]
    good = [f'{A},v,/m/0a,1', f'{B},v,/m/0a,1']
    others = [f'{B},v,/m/0z,1'] * 100  # of a class that is not trainable
    path = write([HEADER, good[0], *lines, good[1], *others])
    found, report = read(path, True)
    assert found == [(A, 0, 0), (B, 0, 0)]
    assert report['bad lines of annotations-human.csv'] == len(lines)


def test_scores_of_a_machine_are_no_bad_lines(write):
    lines = [f'{A},machine,/m/0a,0.{n}' for n in range(1, 10)]
    path = write([HEADER, f'{A},v,/m/0b,1', *lines])
    with pytest.raises(ValueError, match=r"9 of 11 lines .* got '0\.1'"):
        read(path, True)


@pytest.mark.parametrize('header', ['', 'ImageID,Source', f'{A},v,/m/0a,1'])
def test_refuses_another_header(write, header):
    message = r'human\.csv, line 1: the header must begin with .*; is it'
    with pytest.raises(ValueError, match=message):
        read(write([header]))


def test_refuses_what_is_no_csv(write):
    path = write([HEADER, f'{A},v,"{"x" * 200_000}",1'])
    with pytest.raises(ValueError, match=r'csv, line 2: field larger .*; cor'):
        read(path)


def read_ids(path, skip_bad=False):
    report = Report(skip_bad)
    ids = read_image_ids(path, report)
    return [f'{image:016x}' for image in ids.tolist()], report


@pytest.mark.parametrize('end', ['\n', '\r\n'])
def test_reads_the_ids_of_images_in_ascending_order(write, end):
    lines = [
        'ImageID,Subset,Title',
        f'{B},train,"A ""house"", in{end}two lines\xe9"',
        f'{A},train,5" disk',
        '',
    ]
    ids, report = read_ids(write(lines, 'images.csv', end))
    assert ids == [A, B] and not report


@pytest.mark.parametrize('line', ['x', f'{A}0,train', f'"{A} ",train'])
def test_refuses_a_malformed_image_id(write, line):
    more = [f'{n:016x},' for n in range(10)]
    path = write(['ImageID,T', f'{A},', line, *more], 'images.csv')
    message = r'images\.csv, line 3: an image id must be 16 .*; correct'
    with pytest.raises(ValueError, match=message):
        read_ids(path)
    ids, report = read_ids(path, True)
    assert len(ids) == 11 and report == {'bad lines of images.csv': 1}


def test_refuses_an_image_listed_twice(write):
    path = write(['ImageID', B, A, B, B], 'images.csv')
    message = rf'images\.csv: .* one line, but {B} has 3; remove one, or pass'
    with pytest.raises(ValueError, match=message):
        read_ids(path)
    ids, report = read_ids(path, True)
    assert ids == [A, B] and report == {'images twice in images.csv': 2}


def test_refuses_a_list_of_no_images(write):
    with pytest.raises(ValueError, match=r'images\.csv lists no image'):
        read_ids(write(['ImageID'], 'images.csv'))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere'):
        read_image_ids(Path(tmp_path, 'nowhere'), Report(True))
