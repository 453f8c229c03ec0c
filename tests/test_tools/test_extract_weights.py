"""tools/extract_weights.py: weights of a checkpoint from elsewhere."""

import pytest
import torch
from mmengine.logging import HistoryBuffer


def test_weights_are_kept_and_nothing_is_overwritten(
    run_tool, tmp_path, capsys
):
    hub = dict(loss=HistoryBuffer([1.0], [1]))
    weights = dict(a=torch.ones(2))
    torch.save(dict(state_dict=weights, hub=hub), tmp_path / 'run.pth')
    run_tool('extract_weights', 'run.pth', 'weights.pth')
    assert "1 weights; left out: ['hub']" in capsys.readouterr().out
    content = torch.load(tmp_path / 'weights.pth', weights_only=True)
    assert content['state_dict']['a'].tolist() == [1, 1]
    for target in ('weights.pth', 'run.pth'):
        with pytest.raises(OSError, match=target):
            run_tool('extract_weights', 'run.pth', target)
    run_tool('extract_weights', 'run.pth', 'weights.pth', '--force')
