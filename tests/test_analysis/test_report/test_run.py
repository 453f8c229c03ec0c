from mmwsml.analysis.report import ReportOptions
from mmwsml.analysis.report.page import open_runs


def test_nothing_of_a_run_runs(evil_run, tmp_path):
    (run,) = open_runs([str(evil_run)], ReportOptions())
    text, config = (evil_run / 'config.py').read_text(), run.config
    assert not (tmp_path / 'made').exists()
    assert (config is None) == text.startswith('made')
