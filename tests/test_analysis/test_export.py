import json

import pytest
from PIL import Image

from mmwsml.analysis import export
from mmwsml.analysis.export import export_corrections


@pytest.fixture(autouse=True)
def state(monkeypatch):
    """Let any checkpoint hold a label memory."""
    classes = dict(classes=['cat', 'dog'])
    state = {'label_store': {'class': []}, 'meta': dict(dataset_meta=classes)}
    monkeypatch.setattr(export, 'load_from_plain_file', lambda *_: state)


def test_nothing_of_a_run_runs(evil_run, tmp_path):
    try:
        export_corrections(str(evil_run))
    except Exception as error:
        found = error
    assert not (tmp_path / 'made').exists()
    assert isinstance(found, ValueError) and 'config.py: ' in str(found)


def test_a_config_that_is_trusted_runs(evil_run, tmp_path):
    config = evil_run / 'config.py'
    try:
        export_corrections(str(evil_run), config=str(config))
    except Exception:  # there are no images
        pass
    assert (tmp_path / 'made').exists()


def test_corrections_of_classes_in_another_order_are_refused(tmp_path):
    """Else every cat that was corrected is exported as a dog."""
    (tmp_path / 'images').mkdir()
    Image.new('RGB', (4, 4)).save(tmp_path / 'images' / 'a.png')
    content = dict(
        metainfo=dict(classes=['dog', 'cat']),
        data_list=[dict(img_path='a.png', gt_label=[0])],
    )
    (tmp_path / 'train.json').write_text(json.dumps(content))
    dataset = dict(
        type='mmwsml.PartialLabelDataset',
        ann_file=str(tmp_path / 'train.json'),
        data_prefix=str(tmp_path / 'images'),
        pipeline=[],
    )
    config = tmp_path / 'config.py'
    config.write_text(f'train_dataloader = dict(dataset={dataset!r})\n')
    with pytest.raises(ValueError, match=r"class 0 'dog', but .* 'cat' there"):
        export_corrections(
            str(tmp_path), 'any.pth', config=str(config), force=True
        )
    assert not (tmp_path / 'corrections').exists()
