"""Record a short run and analyse it."""

import pytest

RECORD = 'default_hooks.record.type=mmwsml.RecordHook'


@pytest.mark.slow
def test_a_recorded_run_is_analysed(
    run_tool, config, digits, tmp_path, capsys
):
    options = [*digits, 'train_cfg.max_epochs=2', 'custom_hooks.0.begin=1']
    options += [RECORD, 'default_hooks.record.keep=losses']
    run_tool('train', config('ll-ct'), '--work-dir', 'w', options=options)
    capsys.readouterr()
    run_tool('analysis/analyze_run', 'w', '--out', 'out', '--num-images', 2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(':')[0] for line in lines] == [
        'curves',
        'highest-losses',
        'modifications',
        'timelines',
        'histograms',
        'gains',
    ]
    assert 'left out' in lines[-1] and 'left out' not in ''.join(lines[:-1])
    assert len([*(tmp_path / 'out').iterdir()]) == 15


def test_an_error_is_a_sentence(run_tool, tmp_path):
    with pytest.raises(FileNotFoundError, match=r'^.* holds no records'):
        run_tool('analysis/analyze_run', tmp_path)
