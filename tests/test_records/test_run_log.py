"""The numbers of a run, line by line."""

from mmwsml.records.run_log import iter_scalars


def test_whole_lines_are_read_in_their_order(tmp_path):
    for name, text in (
        ('2026_2', '{"step": 2, "mAP": 7}\n{"step": 3, "m'),
        ('2026_1', '{"step": 1, "loss": 0.5}\n3\n{"loss": 1}\n'),
    ):
        folder = tmp_path / name / 'vis_data'
        folder.mkdir(parents=True)
        (folder / 'scalars.json').write_text(text)
    assert list(iter_scalars(tmp_path)) == [
        {'step': 1, 'loss': 0.5},
        {'step': 2, 'mAP': 7},
    ]
    assert list(iter_scalars(tmp_path / 'none')) == []
