"""What the folder of a run tells."""

import json
import math
import zipfile

import pytest

from mmwsml.records.run_folder import (
    best_step,
    chosen_by,
    clear,
    find_best,
    find_last,
    read_curve,
    read_iteration,
    read_json,
    read_seconds,
    tail,
    write_versioned,
)


def write_scalars(folder, stamp, values, cut=''):
    path = folder / stamp / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    lines = [json.dumps(dict(loss=0.1, step=100))]
    for step, value in values.items():
        lines.append(json.dumps({'multi-label/mAP': value, 'step': step}))
    path.write_text('\n'.join(lines) + '\n' + cut)


def write_checkpoints(folder, *names):
    for name in names:
        with zipfile.ZipFile(folder / f'{name}.pth', 'w'):
            pass


def test_the_curve_joins_the_logs_of_a_resumed_run(tmp_path):
    write_scalars(tmp_path, '20261125_1', {1: 50, 2: 60, 3: 1}, '{"multi-l')
    write_scalars(tmp_path, '20261125_2', {3: 55, 10: 58})
    write_scalars(tmp_path / 'test', '20261125_3', {1: 99})
    assert read_curve(tmp_path) == {1: 50, 2: 60, 3: 55, 10: 58}
    assert list(read_curve(tmp_path)) == [1, 2, 3, 10]


@pytest.mark.parametrize(
    'curve, best',
    [
        ({1: 5, 2: 7, 3: 6}, 2),
        ({1: 5, 2: 7, 3: 7}, 2),
        ({1: math.nan, 2: 4, 3: math.nan}, 2),
        ({1: math.nan}, 1),
    ],
)
def test_the_first_of_the_best_epochs_is_selected(curve, best):
    assert best_step(curve) == best


def test_an_iteration_takes_the_median_of_the_training_lines(tmp_path):
    assert read_iteration(tmp_path) is None
    path = tmp_path / '20261125_1' / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    lines = [dict(loss=1, time=t, step=t) for t in (9, 2, 1)]
    lines += [dict(time=50, step=1), dict(loss=1, step=4)]
    path.write_text('\n'.join(map(json.dumps, lines)))
    assert read_iteration(tmp_path) == 2


def test_the_best_checkpoint_is_the_one_that_the_curve_selects(tmp_path):
    write_checkpoints(tmp_path, 'best_multi-label_mAP_epoch_1')
    assert find_best(tmp_path, {1: 5, 2: 6}) is None
    write_checkpoints(tmp_path, 'best_multi-label_mAP_epoch_2')
    assert find_best(tmp_path, {1: 5, 2: 6}).stem.endswith('_2')
    assert find_best(tmp_path, {}) is None


def test_training_goes_on_from_the_last_validated_whole_checkpoint(tmp_path):
    write_checkpoints(tmp_path, 'best_multi-label_mAP_epoch_8')
    write_checkpoints(tmp_path, 'epoch_9', 'epoch_10')
    curve = {8: 7, 9: 6}
    assert find_last(tmp_path, curve).stem == 'epoch_9'
    curve[10] = 6
    assert find_last(tmp_path, curve).stem == 'epoch_10'
    (tmp_path / 'epoch_10.pth').write_bytes(b'cut off')
    assert find_last(tmp_path, curve).stem == 'epoch_9'
    curve[9] = 8  # its best checkpoint was not saved
    assert find_last(tmp_path, curve) is None


def test_a_loop_by_iterations_is_understood(tmp_path):
    write_checkpoints(tmp_path, 'best_multi-label_mAP_iter_500', 'iter_1000')
    assert find_last(tmp_path, {500: 7, 1000: 6}).stem == 'iter_1000'


def test_clear_leaves_what_is_no_training(tmp_path):
    write_scalars(tmp_path, '20261125_1', {1: 50})
    write_checkpoints(tmp_path, 'epoch_1')
    (tmp_path / 'benchmark.log').touch()
    clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ['benchmark.log']


def test_seconds_are_read_from_all_logs(tmp_path):
    times = {'a/a.log': (0, 3, 10), 'test/b/b.log': (58, 59), 'c/c.log': ()}
    for name, seconds in times.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        lines = [f'2026/11/25 09:59:{s:02} - mm - INFO - x' for s in seconds]
        path.write_text('\n'.join(['a line', *lines, 'more']))
    assert read_seconds(tmp_path) == 10 + 1


def test_the_tail_has_no_blank_lines(tmp_path):
    (tmp_path / 'log').write_bytes(b'a\nb\xff\n\n \nc\n\n')
    assert tail(tmp_path / 'log', 2) == ['b\ufffd', 'c']


def test_json_is_written_whole(tmp_path):
    path = tmp_path / 'r.json'
    assert read_json(path) is None
    write_versioned(path, dict(test=1.5))
    assert read_json(path) == dict(test=1.5)
    with pytest.raises(TypeError):
        write_versioned(path, dict(test=object()))
    assert read_json(path) == dict(test=1.5)


def test_a_run_that_chose_by_positives_has_their_curve(tmp_path):
    """In a mixture both are logged; the best file says which chose."""
    path = tmp_path / '1' / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    name = 'multi-label/pu_AUC'
    lines = [
        {'multi-label/mAP': 9 - step, name: step, 'step': step}
        for step in (1, 2)
    ]
    path.write_text('\n'.join(map(json.dumps, lines)))
    assert read_curve(tmp_path) == {1: 8, 2: 7}
    write_checkpoints(tmp_path, 'best_multi-label_pu_AUC_epoch_2')
    assert chosen_by(tmp_path) == name
    assert read_curve(tmp_path) == {1: 1, 2: 2}
    assert find_best(tmp_path, {1: 1, 2: 2}).stem.endswith('_2')


def test_json_of_a_later_version_is_refused(tmp_path):
    path = tmp_path / 'result.json'
    path.write_text('{"test": 1.5}')  # as mmwsml 0.1 wrote it
    assert read_json(path) == dict(test=1.5)
    path.write_text('{"version": 2, "test": 1.5}')
    message = r'result\.json: is of format version 2, .*; upgrade mmwsml'
    with pytest.raises(ValueError, match=message):
        read_json(path)
