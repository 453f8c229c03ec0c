import pytest

from mmwsml.structures.feature_arrays import FeatureArrays


@pytest.mark.slow
def test_scores_of_a_tool_feed_the_next_training(
    run_tool, config, digits, tmp_path
):
    tool = ('out_of_fold', config('ll-r-cw'), '--out', 'scores')
    args = ('--folds', '2', '--epochs', '1', '--work-dir', 'w')
    run_tool(*tool, *args, options=digits)
    assert FeatureArrays(tmp_path / 'scores').features.shape == (128, 1, 10)
    hooks = [
        "dict(type='mmwsml.ClassWiseScheduleHook', begin=1)",
        "dict(type='mmwsml.RankingScoresHook', folder='scores')",
    ]
    base = f"_base_ = '{config('ll-r-cw')}'\n"
    text = f'{base}custom_hooks = [{", ".join(hooks)}]\n'
    (tmp_path / 'second.py').write_text(text)
    options = [*digits, 'train_cfg.max_epochs=1']
    run_tool('train', 'second.py', '--work-dir', 'second', options=options)
    (log,) = (tmp_path / 'second').rglob('*.log')
    assert 'Epoch 1: modified' in log.read_text()


def test_options_are_explained(run_tool, capsys):
    with pytest.raises(SystemExit) as end:
        run_tool('out_of_fold', '--help')
    assert end.value.code == 0
    assert 'mmwsml.RankingScoresHook' in capsys.readouterr().out


def test_refuses_one_fold(run_tool, config, digits):
    args = (config('an'), '--out', 'scores', '--folds', '1')
    with pytest.raises(ValueError, match='must be at least 2, but got 1'):
        run_tool('out_of_fold', *args, options=digits)
