"""The list as a table."""

import csv

from mmwsml.analysis.clean_up import rank_suspects, suspect_table


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
