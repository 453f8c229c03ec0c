"""The page in a real browser, where one is installed."""

import re
import shutil
import subprocess

import pytest


@pytest.mark.slow
def test_chromium_fills_the_tables_under_the_policy(
    page_of_two_runs, tmp_path, read_page
):
    names = 'chromium', 'chromium-browser', 'google-chrome'
    browser = next(filter(None, map(shutil.which, names)), None)
    if browser is None:
        pytest.skip('no Chromium is installed (apt-get install chromium)')
    command = [
        browser,
        '--headless',
        '--no-sandbox',
        '--enable-logging=stderr',
    ]
    command += [f'--user-data-dir={tmp_path}', '--dump-dom']
    done = subprocess.run(
        [*command, page_of_two_runs.as_uri()],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert 'CONSOLE' not in done.stderr
    assert re.search(r'Lines 1 to 4 of 4', done.stdout)  # classes
    page = read_page(done.stdout.replace('</img>', ''))
    assert not any(name.startswith('on') for _, a in page.tags for name in a)
