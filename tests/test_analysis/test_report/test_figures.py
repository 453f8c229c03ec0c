"""Figures in the page: drawn for real."""

import pytest

from mmwsml.analysis.report import ReportOptions, write_report


@pytest.mark.slow
def test_class_names_are_text_in_figures_too(
    make_run, write_scores, read_page, tmp_path
):
    runs = make_run('one'), make_run('two')
    for seed, run in enumerate(runs):
        write_scores(run, seed)
    options = ReportOptions(num_suspects=0)
    path = write_report(list(map(str, runs)), tmp_path / 'a.html', options)
    page = read_page(path.read_text(encoding='utf-8'))
    figures = page.figures()
    assert len(figures) == 12  # 5 of each run, the comparison, the gains
    for figure in figures:
        assert figure.lstrip().startswith('<?xml')
        assert '<path' in figure  # letters are drawn, not written
        assert '<img' not in figure and '<script' not in figure
