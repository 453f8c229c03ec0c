import pytest

from mmwsml.analysis import export
from mmwsml.analysis.export import export_corrections


@pytest.fixture(autouse=True)
def state(monkeypatch):
    """Let any checkpoint hold a label memory."""
    state = {'label_store': {'class': []}}
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
