"""Reading a filled list back."""

import csv

import pytest

from mmwsml.analysis.annotations import write_annotations
from mmwsml.analysis.clean_up import (
    answered_annotations,
    rank_suspects,
    read_answers,
    suspect_table,
)
from mmwsml.datasets import PartialLabelDataset


@pytest.fixture
def write(tmp_path):
    """Write a filled list of some lines."""

    def write(*lines, head='class,present,sample_id'):
        path = tmp_path / 'filled.csv'
        path.write_text('\n'.join([head, *lines]))
        return path

    return write


def test_a_filled_list_comes_back_as_observed_labels(make_run, tmp_path):
    run = make_run(observe=lambda n: ([n % 3], [(n + 2) % 3] if n < 9 else []))
    suspects = rank_suspects([run], num=30)
    path = tmp_path / 'list.csv'
    path.write_text(suspect_table(suspects, run.classes, {}).to_csv())
    with path.open(newline='') as file:
        lines = list(csv.DictReader(file))
    for line, suspect in zip(lines[:20], suspects):
        line['present'] = 'Yes ' if suspect.right else 'no'
    with path.open('w', newline='') as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    data_list = answered_annotations(run, read_answers(path))
    write_annotations(tmp_path / 'train.json', run.classes, data_list)
    for n in range(40):
        (tmp_path / f'{n}.png').write_bytes(b'\x89PNG\r\n\x1a\n' + bytes(24))
    dataset = PartialLabelDataset(
        'train.json', namespace='set', data_root=str(tmp_path), pipeline=[]
    )
    answered = {(s.sample_id, s.label): s.right for s in suspects[:20]}
    for info in map(dataset.get_data_info, range(40)):
        row = run.row_of(info['sample_id'])
        for label in range(3):
            right = answered.get((info['sample_id'], label))
            known = label in run.given[0].of(row) or right is True
            assert (label in info['gt_label']) == known
            known = label in run.given[1].of(row) or right is False
            assert (label in info['neg_label']) == known


def test_answers_have_several_spellings(write):
    path = write('cat,YES,a/1', 'dog,0,a/1', 'emu,,a/1', 'cat,n,a/2')
    path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes())
    assert read_answers(path) == {
        ('a/1', 'cat'): True,
        ('a/1', 'dog'): False,
        ('a/2', 'cat'): False,
    }


@pytest.mark.parametrize('yes, no', [('TRUE', 'FALSE'), ('1', '0,0')])
def test_a_list_that_excel_saved_is_read(write, yes, no):
    head = '\ufeffclass;present;sample_id'
    path = write(f'cat;{yes};a/1', f'dog;{no};a/1', 'emu;;a/1', head=head)
    expected = {('a/1', 'cat'): True, ('a/1', 'dog'): False}
    assert read_answers(path) == expected


def test_a_sheet_of_excel_is_read(tmp_path):
    pandas = pytest.importorskip('pandas')
    pytest.importorskip('openpyxl')
    rows = [('a/1', 'cat', True), ('a/1', "'=dog", 0), ('a/2', 'cat', None)]
    frame = pandas.DataFrame(rows, columns=['sample_id', 'class', 'present'])
    frame.to_excel(tmp_path / 'a.xlsx', index=False)
    expected = {('a/1', 'cat'): True, ('a/1', '=dog'): False}
    assert read_answers(tmp_path / 'a.xlsx') == expected
    frame.rename(columns=dict(present='right')).to_excel(tmp_path / 'a.xlsx')
    with pytest.raises(ValueError, match="'present' is missing; the first"):
        read_answers(tmp_path / 'a.xlsx')


def test_a_name_that_would_be_a_formula_comes_back(make_run, tmp_path):
    run = make_run(classes=('=cat', '-dog', "'@emu"))
    suspects = rank_suspects([run], num=30)
    lines = suspect_table(suspects, run.classes, {}).to_csv().splitlines()
    cells = {line.split(',')[1] for line in lines[1:]}
    assert cells == {"'=cat", "'-dog", "''@emu"}
    path = tmp_path / 'list.csv'
    path.write_text('\n'.join(lines).replace(',,', ',yes,', 30))
    assert read_answers(path) == {
        (suspect.sample_id, run.classes[suspect.label]): True
        for suspect in suspects
    }


def test_an_unknown_answer_is_refused(write):
    path = write('cat,yes,a/1', 'dog,maybe,a/1')
    with pytest.raises(
        ValueError, match=r"line 3: `present` must be .*'maybe"
    ):
        read_answers(path)


def test_a_missing_column_is_refused(write):
    path = write('cat,a/1', head='class,sample_id')
    with pytest.raises(ValueError, match="the column 'present' is missing"):
        read_answers(path)


def test_two_answers_to_one_question_are_refused(write):
    path = write('cat,yes,a/1', 'cat,yes,a/1', 'cat,no,a/1')
    with pytest.raises(ValueError, match=r"line 4: .*answered with 'no', but"):
        read_answers(path)


@pytest.mark.parametrize(
    'pair, present, message',
    [
        (('set/40.png', 'cat'), True, "'set/40.png' of an answer is not one"),
        (('set/1.png', 'elk'), True, "class 'elk' of an answer is not one"),
        (('set/1.png', 'dog'), False, "'dog' is not in set/1.png contradict"),
        (('set/1.png', 'cat'), True, "'cat' is in set/1.png contradicts"),
    ],
)
def test_an_answer_that_fits_nothing_is_refused(
    make_run, pair, present, message
):
    run = make_run(observe=lambda n: ([n % 3], [(n + 2) % 3]))
    with pytest.raises(ValueError, match=message):
        answered_annotations(run, {pair: present})


def test_complete_labels_need_no_answers(make_run):
    run = make_run(observe=lambda n: ([n % 3], None))
    with pytest.raises(ValueError, match='observed every label: there is'):
        answered_annotations(run, {})


@pytest.mark.parametrize('end', ['', 'set/9.png,dog,"no"\n'])
def test_a_quote_that_is_not_closed_swallows_no_answers(tmp_path, end):
    lines = [f'set/{n}.png,dog,yes\n' for n in range(9)]
    lines[3] = 'set/3.png,dog,"yes\n'
    text = 'sample_id,class,present\n' + ''.join(lines) + end
    (tmp_path / 'a.csv').write_text(text)
    with pytest.raises(ValueError, match=r'a\.csv, line 5: .*quote'):
        read_answers(tmp_path / 'a.csv')


def test_a_line_of_csv_tells_a_suspect(make_run):
    run = make_run(classes=('cat', 'a "dog", wet', 'emu'))
    suspects = rank_suspects([run], num=9)
    first = suspects[0].sample_id
    table = suspect_table(suspects, run.classes, {first: 'there/1.png'})
    lines = list(csv.DictReader(table.to_csv().splitlines()))
    assert len(lines) == 9
    for line, suspect in zip(lines, suspects):
        assert line['sample_id'] == suspect.sample_id
        assert line['class'] == run.classes[suspect.label]
        assert line['present'] == ''
        known = suspect.sample_id == first
        assert line['image'] == ('there/1.png' if known else '')
        assert float(line['mean_loss']) == round(suspect.mean_loss, 3)
        assert line['agreement'] == f'{suspect.num_agree} of 2'
        assert [float(x) for x in line['losses'].split()] == [
            round(loss, 2) for loss in suspect.losses
        ]
