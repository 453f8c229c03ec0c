"""The whole page: nothing in it acts, and every section is there."""

import contextlib
import re
import shutil

import pytest

from mmwsml.analysis.report import ReportOptions, write_report
from mmwsml.analysis.report.sections import SECTIONS


def make_page(read_page, runs, tmp_path, **options):
    path = write_report(
        list(map(str, runs)), tmp_path / 'a.html', ReportOptions(**options)
    )
    return read_page(path.read_text(encoding='utf-8'))


@pytest.fixture
def two_runs(page_of_two_runs, read_page):
    return read_page(page_of_two_runs.read_text(encoding='utf-8'))


def test_the_page_of_two_runs_is_whole_and_asks_for_nothing(two_runs):
    page = two_runs
    assert len(set(page.ids)) == len(page.ids)
    for number in (1, 2):
        for name in SECTIONS.keys() - {'gains', 'pointing'}:
            assert f'run-{number}-{name}' in page.ids
    assert 'run-1-gains' not in page.ids and 'run-2-gains' in page.ids
    assert 'Pointing game' in page.sentences  # and why there is none
    targets = [a['href'] for tag, a in page.tags if tag == 'a']
    for target in targets:
        assert target.startswith('data:') or target[1:] in page.ids
    sources = [a['src'] for tag, a in page.tags if 'src' in a]
    assert all(source.startswith('data:image/') for source in sources)
    assert 'http:' not in page.text and 'https:' not in page.text
    assert not re.search(r'@import|url\(|fetch\(|eval\(', page.text)
    assert len(page.text) < 2e6


def test_class_names_are_text_everywhere(two_runs):
    page = two_runs
    for tag, attrs in page.tags:
        assert not any(name.startswith('on') for name in attrs)
        assert not (tag == 'img' and attrs['src'] == 'x')
        assert 'style' not in attrs  # the policy would refuse it
    kinds = [attrs.get('type') for tag, attrs in page.tags if tag == 'script']
    assert kinds.count(None) == 1
    assert set(kinds) == {None, 'application/json'}
    rows = page.data['run-1-classes-test-data']['rows']
    evil = '<img src=x onerror="alert(1)">'
    assert evil in [row[0] for row in rows]
    assert evil in page.sentences


def test_the_policy_names_the_hashes_of_style_and_script(two_runs):
    (policy,) = (
        attrs['content']
        for tag, attrs in two_runs.tags
        if 'http-equiv' in attrs
    )
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert len(re.findall("'sha256-[A-Za-z0-9+/]{43}='", policy)) == 2
    assert 'unsafe' not in policy


def test_whatever_can_be_used_has_a_name(two_runs):
    labels = {a['for'] for tag, a in two_runs.tags if tag == 'label'}
    for tag, attrs in two_runs.tags:
        if tag in ('input', 'select'):
            assert attrs['id'] in labels
        if tag == 'img':
            assert attrs['alt']
        if attrs.get('tabindex') == '0' and tag == 'div':
            assert attrs['aria-label']


def test_without_records_the_rest_is_there(
    no_figures, make_run, read_page, tmp_path
):
    run = make_run()
    shutil.rmtree(run / 'records')
    page = make_page(read_page, [run], tmp_path)
    assert page.sentences.count('record.type=mmwsml.RecordHook') == 1
    assert 'run-1-empty' in page.ids and 'run-1-memorisation' not in page.ids
    assert 'Training curves' in page.sentences
    assert 'run-1-gains' not in page.ids
    assert page.figures()


def test_a_killed_run_says_what_is_not_whole(
    no_figures, make_run, read_page, tmp_path
):
    run = make_run()
    (run / 'records/epoch_0003/sums.npy').unlink()
    (run / 'records/.epoch.draft').mkdir()
    page = make_page(read_page, [run], tmp_path)
    assert 'epoch_0003 is not whole' in page.sentences
    assert 'The epoch after 2 is not whole' in page.sentences
    assert '2 of 3' in page.sentences


def test_images_that_are_not_there_are_named(
    no_figures, make_run, read_page, tmp_path
):
    root = str(tmp_path / 'moved')
    page = make_page(read_page, [make_run()], tmp_path, data_root=root)
    assert f'images are not in {root}, the first set/' in page.sentences
    assert 'image cannot be read' in page.sentences


def test_a_run_without_truth_says_so(
    no_figures, make_run, read_page, tmp_path
):
    page = make_page(read_page, [make_run(truth=False)], tmp_path)
    assert 'Nobody knows whether they are present' in page.sentences
    assert 'Hidden positives that were found' not in page.sentences


def test_a_run_that_modified_nothing_says_so(
    no_figures, make_run, read_page, tmp_path
):
    page = make_page(read_page, [make_run(modifies=False)], tmp_path)
    assert 'modified no label' in page.sentences


def test_one_page_is_written_into_the_first_run(no_figures, make_run):
    run = make_run()
    assert write_report([str(run)]) == run / 'report/report.html'
    assert [x.name for x in (run / 'report').iterdir()] == ['report.html']


def test_runs_of_other_classes_are_refused(make_run):
    runs = make_run('one'), make_run('two', ('cat', 'dog', 'emu'))
    with pytest.raises(ValueError, match=r'has 4 classes, .* 3: compare'):
        write_report(list(map(str, runs)))


def test_scores_of_other_classes_are_refused(make_run, write_scores):
    runs = make_run('one'), make_run('two')
    shutil.rmtree(runs[1] / 'records')
    write_scores(runs[1], classes=('a', 'b'))
    with pytest.raises(ValueError, match='is of 4 classes that are not'):
        write_report(list(map(str, runs)))


def test_a_folder_of_no_run_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='is no work dir of a run'):
        write_report([str(tmp_path)])


def test_a_run_named_twice_is_refused(make_run):
    run = str(make_run())
    with pytest.raises(ValueError, match='is named twice'):
        write_report([run, run])


def test_limits_out_of_range_are_refused(no_figures, make_run):
    with pytest.raises(ValueError, match=r'`num_pictures` must be in \[0, 5'):
        write_report([str(make_run())], options=ReportOptions(num_pictures=-1))


def test_a_file_that_is_no_report_stays(no_figures, make_run, tmp_path):
    run, mine = make_run(), tmp_path / 'notes.html'
    mine.write_text('mine')
    with contextlib.suppress(FileExistsError):
        write_report([str(run)], mine)
    assert mine.read_text() == 'mine'
    for _ in range(2):
        write_report([str(run)], tmp_path / 'report.html')
