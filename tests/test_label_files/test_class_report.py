from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.class_report import (
    count_classes,
    report,
    report_path,
)

from .conftest import counts


def test_counts_each_class(table):
    marked = table('image,cat,dog\na.jpg,1,0\nb.jpg,,1\nc.jpg,0,\n')
    found = count_classes(marked)
    assert found.present.tolist() == [1, 1]
    assert found.absent.tolist() == [1, 1]
    assert found.unknown.tolist() == [1, 1]
    assert found.total()[:5] == (3, 2, 2, 2, 1)
    assert found.lines()[1].split() == ['cat', '1', '1', '1']
    assert counts(marked) == (3, 2, 2, 2)


def test_what_is_too_long_goes_to_a_file(table, tmp_path):
    classes = [f'class {n}' for n in range(12)]
    text = '\n'.join([','.join(['image', *classes]), 'a.jpg' + ',1' * 12])
    path = report_path(str(tmp_path / 'train.json'))
    lines = report(table(text), BadEntries(), path).splitlines()
    assert [line for line in lines if 'class 9' in line]
    assert not [line for line in lines if 'class 10' in line]
    assert f'and 2 more lines of the report: {path}' in lines
    assert 'class 11' in (tmp_path / 'train.report.txt').read_text()


def test_says_what_will_happen_in_training(table):
    marked = table('image,cat\na.jpg,1\nb.jpg,0\n')
    (line,) = count_classes(marked).outlook()
    assert 'LL-R, LL-Ct and LL-Cp have nothing to modify' in line
    marked = table('image,cat,dog\na.jpg,1,\n')
    absent, nothing = count_classes(marked).outlook()
    assert 'No label is known to be absent' in absent
    assert 'Nothing is known of 1 classes' in nothing and 'dog' in nothing
