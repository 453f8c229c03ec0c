import multiprocessing

import pytest

from mmwsml.datasets.draft_folder import draft_folder


def test_the_folder_appears_when_it_is_whole(tmp_path):
    final = tmp_path / 'a' / 'b'
    with draft_folder(final) as draft:
        (draft / 'file').write_text('1')
        assert not final.exists()
    assert [path.name for path in final.iterdir()] == ['file']
    assert not draft.exists()


def test_a_folder_that_is_there_stays_as_it_is(tmp_path):
    with draft_folder(tmp_path) as draft:
        assert draft is None
    assert not list(tmp_path.parent.glob('.*.lock'))


def test_an_error_leaves_nothing(tmp_path):
    final = tmp_path / 'b'
    with pytest.raises(OSError, match='No space'):
        with draft_folder(final) as draft:
            (draft / 'file').write_text('1')
            raise OSError('No space left on device')
    assert not final.exists() and not draft.exists()
    with draft_folder(final) as draft:
        assert not list(draft.iterdir())
    assert final.exists()


def hang(final, started):
    """Fill half a draft, and wait to be killed."""
    with draft_folder(final) as draft:
        (draft / 'half').write_text('1')
        started.set()
        multiprocessing.Event().wait()


@pytest.mark.dist
def test_the_draft_of_a_killed_process_is_removed(tmp_path):
    context = multiprocessing.get_context('fork')
    started = context.Event()
    final = tmp_path / 'b'
    process = context.Process(target=hang, args=(final, started))
    process.start()
    assert started.wait(timeout=60)
    process.kill()
    process.join(timeout=60)
    assert (tmp_path / '.b.draft' / 'half').exists() and not final.exists()
    with draft_folder(final) as draft:
        assert not list(draft.iterdir())
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ['b']


def make(final, barrier, made):
    """Make the folder when the other process has started too."""
    barrier.wait(timeout=60)
    with draft_folder(final) as draft:
        made.put(draft is not None)


@pytest.mark.dist
def test_of_two_processes_one_makes_it_and_the_other_finds_it(tmp_path):
    context = multiprocessing.get_context('fork')
    barrier, made = context.Barrier(2), context.Queue()
    args = tmp_path / 'b', barrier, made
    pair = [context.Process(target=make, args=args) for _ in 'ab']
    for process in pair:
        process.start()
    assert sorted(made.get(timeout=60) for _ in pair) == [False, True]
    for process in pair:
        process.join(timeout=60)
    assert [process.exitcode for process in pair] == [0, 0]
    assert (tmp_path / 'b').exists()
