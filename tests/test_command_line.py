import io
import os
import sys

import pytest
from mmengine.logging import MMLogger

from mmwsml.command_line import load_config, run_main, tool_parser
from mmwsml.evaluation.thresholds import read_thresholds, resolve_thresholds

BUG = '; run again with --debug to see where'


def refuse():
    resolve_thresholds(2.0, ['cat'])


def fail(error):
    def main():
        raise error

    return main


@pytest.fixture
def end(monkeypatch, capsys):
    """Run a main as a tool; return status and stderr."""

    def end(main, *options):
        monkeypatch.setattr(sys, 'argv', ['tool', *options])
        with pytest.raises(SystemExit) as stop:
            run_main(main)
        return stop.value.code, capsys.readouterr().err

    return end


def test_a_refusal_is_one_line_and_status_1(end):
    sentence = 'error: `thresholds` must be in [0, 1], but got 2.0.\n'
    assert end(refuse) == (1, sentence)


def test_what_is_no_refusal_names_its_type(end):
    found = end(fail(KeyError('no\n  such key')))
    assert found == (1, f'error: KeyError: no such key{BUG}\n')
    assert end(fail(AssertionError()))[1] == f'error: AssertionError{BUG}\n'
    # Raised in a line of ours, but by Python: nobody wrote that sentence.
    _, text = end(lambda: resolve_thresholds([], None))
    assert text.startswith('error: TypeError: ') and BUG in text


def test_what_the_system_says_stands_alone(end, tmp_path):
    path = str(tmp_path / 'none.json')
    sentence = f'error: {path}: No such file or directory\n'
    assert end(lambda: read_thresholds(path)) == (1, sentence)


@pytest.mark.parametrize('option', ['--debug', '--deb'])
def test_debug_shows_where(monkeypatch, option):
    monkeypatch.setattr(sys, 'argv', ['tool', 'x', option])
    with pytest.raises(ValueError, match=r'must be in \[0, 1\]'):
        run_main(refuse)


def test_processes_are_told_apart(end, monkeypatch):
    monkeypatch.setenv('RANK', '3')
    assert end(refuse)[1].startswith('error (process 3): `thresholds` must')
    monkeypatch.setenv('RANK', '0')
    assert end(refuse)[1].startswith('error: `thresholds` must')


def test_the_log_of_a_run_keeps_the_traceback(end, tmp_path):
    logger = MMLogger.get_instance('kept', log_file=str(tmp_path / 'a.log'))
    try:
        assert end(refuse)[1].count('\n') == 1
    finally:
        logger.handlers.clear()
        del MMLogger._instance_dict['kept']
    text = (tmp_path / 'a.log').read_text()
    assert 'Traceback' in text and 'in resolve_thresholds' in text


def test_ctrl_c_is_one_word(end):
    assert end(fail(KeyboardInterrupt())) == (130, 'interrupted\n')


def test_statuses_of_tools_are_theirs(end):
    assert end(lambda: sys.exit(7)) == (7, '')
    run_main(lambda: None)


def test_debug_is_explained_and_no_tool_sees_it(capsys):
    parser = tool_parser('What it does.')
    assert vars(parser.parse_args(['--debug'])) == {}
    assert '--debug' in parser.format_help()


def test_overrides_are_those_of_mmengine(capsys):
    parser = tool_parser('What it does.', '--cfg-options')
    found = parser.parse_args(['--cfg-options', 'a.b=[1,2]', 'c=x=y'])
    assert found.cfg_options == {'a.b': [1, 2], 'c': 'x=y'}
    for text in ('a.b', '=3'):
        with pytest.raises(SystemExit, match='2'):
            parser.parse_args(['--cfg-options', text])
    assert '--cfg-options must be key=value' in capsys.readouterr().err


def test_a_config_has_its_overrides_and_its_launcher(tmp_path, monkeypatch):
    monkeypatch.delenv('LOCAL_RANK', raising=False)
    (tmp_path / 'a.py').write_text('a = 1\nlog_level = 2\n')
    parser = tool_parser('What it does.', '--cfg-options', '--launcher')
    parser.add_argument('config')
    line = [str(tmp_path / 'a.py'), '--launcher', 'mpi', '--local-rank', '3']
    cfg = load_config(
        parser.parse_args([*line, '--cfg-options', 'log_level=5'])
    )
    assert (cfg.a, cfg.log_level, cfg.launcher) == (1, 5, 'mpi')
    assert os.environ.pop('LOCAL_RANK') == '3'


def test_no_name_ends_a_tool_whatever_the_locale_can_show(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding='ascii')
    monkeypatch.setattr(sys, 'stdout', out)
    run_main(lambda: print('H\u00fcndin caf\udce9'))
    assert out.buffer.getvalue() == b'H\\xfcndin caf\\udce9\n'


@pytest.mark.parametrize('text', ['a name', 'a' * 99999], ids=len)
def test_a_reader_that_goes_ends_a_tool_in_silence(monkeypatch, capsys, text):
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, 'stdout', os.fdopen(writing, 'w'))
    with pytest.raises(SystemExit, match='141'):
        run_main(lambda: print(text))
    sys.stdout.close()  # what Python does at its end
    assert capsys.readouterr().err == ''
