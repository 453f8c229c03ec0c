"""A run that would run code where it is read."""

import pytest

#: A pickle that makes a folder where it is loaded.
PICKLE = b"cos\nmkdir\n(S'made'\ntR."
DATASETS = (
    'dict(type="os.mkdir", path="made")',
    'dict(type="RepeatDataset", times=1, '
    'dataset=dict(type="os.mkdir", path="made"))',
    'dict(type="MultiLabelDataset", ann_file="code.pkl", pipeline=[])',
)
CONFIGS = (
    'made = __import__("os").mkdir("made")',
    *(f'train_dataloader = dict(dataset={dataset})' for dataset in DATASETS),
)


@pytest.fixture(params=CONFIGS)
def evil_run(request, tmp_path, monkeypatch):
    """Write a work dir; ``made`` appears if anything of it runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'code.pkl').write_bytes(PICKLE)
    run = tmp_path / 'run'
    run.mkdir()
    (run / 'config.py').write_text(request.param)
    (run / 'last_checkpoint').write_text('none.pth')
    return run
