import errno
import fcntl
import os
import signal
import sys

import pytest

from mmwsml.structures.held_folder import hold_folder


def test_one_holds_a_folder_at_a_time(tmp_path):
    with hold_folder(tmp_path / 'a') as first:
        assert first is not None
        with hold_folder(tmp_path / 'a') as second:
            assert second is None
        with hold_folder(tmp_path / 'a', 'other') as third:
            assert third is not None
    with hold_folder(tmp_path / 'a') as fourth:
        assert fourth is not None


def test_a_killed_process_gives_it_back_though_its_children_live(tmp_path):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with hold_folder(tmp_path):
                child = os.fork()
                if child != 0:
                    os.write(write, b'%d' % child)
                signal.pause()  # the child as a worker of a data loader does
        finally:
            os._exit(1)
    child = int(os.read(read, 20))
    with hold_folder(tmp_path) as lock:
        assert lock is None
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with hold_folder(tmp_path) as lock:
        assert lock is not None
    os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize('function', ['flock', None])
def test_where_nothing_can_be_locked_all_may_hold_it(
    function, tmp_path, monkeypatch
):
    if function is None:  # Windows has no such module
        monkeypatch.setitem(sys.modules, 'fcntl', None)
    else:
        monkeypatch.setattr(fcntl, function, refuse)
    with hold_folder(tmp_path) as first, hold_folder(tmp_path) as second:
        assert first is not None and second is not None


def refuse(*args):
    """Fail as a network disk without locks does."""
    raise OSError(errno.ENOLCK, 'No locks available')
