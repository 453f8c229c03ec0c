"""The launch scripts: two processes without a GPU."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.dist]


@pytest.mark.parametrize('method', ['an', 'll-r', 'll-ct'])
def test_two_processes_train_and_test(
    method, start_tool, config, digits, tmp_path
):
    options = [*digits, 'train_cfg.max_epochs=2']
    train = (config(method), 2, '--work-dir', 'w')
    status, output = start_tool('dist_train.sh', *train, options=options)
    assert status == 0, output
    assert ('selects on each of 2' in output) == (method != 'an')
    last = tmp_path / 'w' / 'epoch_2.pth'
    status, output = start_tool(
        'dist_test.sh', config(method), last, 2, options=digits
    )
    assert status == 0 and 'multi-label/mAP' in output


def test_ll_cp_on_two_processes_is_refused(start_tool, config, digits):
    status, output = start_tool(
        'dist_train.sh', config('ll-cp'), 2, options=digits
    )
    assert status != 0
    assert 'LabelMemory (LL-Cp) works on one process so far' in output
