import io
import logging
import sys

from mmengine.logging import MMLogger
from rich import get_console
from rich.progress import track

from mmwsml.recipe.progress import Progress


def test_what_libraries_print_goes_to_the_log(tmp_path, capsys):
    progress = Progress(tmp_path / 'log.txt')
    logger = MMLogger('test_progress', log_level='INFO')
    MMLogger._instance_dict['test_progress'] = logger
    try:
        with progress.quiet():
            print('printed')
            print('to stderr', file=sys.stderr)
            logger.info('logged')
            progress.say('said')
        logger.info('afterwards')
    finally:
        del MMLogger._instance_dict['test_progress']
        logging.Logger.manager.loggerDict.pop('test_progress', None)
    log = (tmp_path / 'log.txt').read_text()
    for text in ('printed', 'to stderr', 'logged'):
        assert text in log
    out = capsys.readouterr().out
    assert 'said' in out and 'afterwards' in out and 'logged' not in out


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_is_shown_on_a_terminal(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, 'stdout', Terminal())
    with Progress(tmp_path / 'log.txt').quiet():
        list(track(range(3), 'batches'))
    assert 'batches' in sys.stdout.getvalue()


def test_no_bar_is_shown_elsewhere(tmp_path, capsys):
    with Progress(tmp_path / 'log.txt').quiet():
        list(track(range(3), 'batches'))
    assert not capsys.readouterr().out


def test_bars_follow_stdout_afterwards(tmp_path, monkeypatch):
    with Progress(tmp_path / 'log.txt').quiet():
        pass
    monkeypatch.setattr(sys, 'stdout', Terminal())
    assert get_console().file is sys.stdout
