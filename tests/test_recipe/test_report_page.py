import json

import pytest

from mmwsml.recipe.report_page import write_report


def test_the_verdict_comes_first_and_labels_can_be_answered(judged):
    verdict = write_report(judged)
    page = judged.report.read_text(encoding='utf-8')
    first, second = page.index(verdict.lines[0]), page.index('missing-data')
    assert first < second < page.index('classes-data')
    assert '<title>photos</title>' in page
    kept = json.loads(judged.verdict.read_text(encoding='utf-8'))
    assert kept['lines'] == list(verdict.lines)


def test_a_file_that_is_no_report_stays(judged):
    judged.report.write_text('mine')
    with pytest.raises(FileExistsError, match='is no report'):
        write_report(judged)
    assert judged.report.read_text() == 'mine'
