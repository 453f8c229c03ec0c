"""A file that appears whole or not at all."""

import errno
import json
import os
import re
from pathlib import Path

import pytest

from mmwsml.structures.whole_file import whole_file, write_json, write_whole


@pytest.mark.parametrize('content', ['naïve\n', b'\x00\xff'])
def test_writes_text_in_utf8_and_bytes(content, tmp_path):
    path = tmp_path / 'file'
    path.write_text('old')
    write_whole(path, content)
    expected = content if isinstance(content, bytes) else content.encode()
    assert path.read_bytes() == expected
    assert os.listdir(tmp_path) == ['file']


def test_an_error_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / 'file'
    path.write_text('old')
    with pytest.raises(KeyError), whole_file(path) as file:
        file.write('half')
        raise KeyError
    assert path.read_text() == 'old'
    assert os.listdir(tmp_path) == ['file']


def test_nobody_sees_the_file_before_it_is_whole(tmp_path):
    path = tmp_path / 'file'
    with whole_file(path) as file:
        file.write('half')
        assert not path.exists()
        (draft,) = tmp_path.iterdir()
        assert draft.name == f'.file.{os.getpid()}.part'
    assert path.read_text() == 'half'


def test_a_new_file_has_the_rights_that_open_gives(tmp_path):
    write_whole(tmp_path / 'ours', '')
    (tmp_path / 'theirs').write_text('')
    ours, theirs = ((tmp_path / n).stat().st_mode for n in ('ours', 'theirs'))
    assert ours == theirs


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / 'real').write_text('old')
    link = tmp_path / 'link'
    link.symlink_to('real')
    write_whole(link, 'new')
    assert link.is_symlink()
    assert (tmp_path / 'real').read_text() == 'new'


def test_a_pipe_is_written_directly(tmp_path):
    path = tmp_path / 'pipe'
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(path, 'through')
        assert os.read(reader, 100) == b'through'
    finally:
        os.close(reader)


#: What opens or writes a file by its path.
BY_PATH = re.compile(
    r'\bopen\([^()\n]*[\'"][wax]b?\+?[\'"]|\bopen_memmap\(|'
    r'\.write_(text|bytes)\(|'
    r'\b(np\.savez?|torch\.save|json\.dump|imwrite|savefig)\('
)
#: The same with a file that is open, or a message.
OPEN = re.compile(
    r'\((file|out),|, file[,)]|savefig\($|convert Python objects'
)
#: Each writes into a draft that gets its name when it is whole, a lock or a
#: log.
ELSEWHERE = {
    'mmwsml/datasets/digit_scenes.py',
    'mmwsml/datasets/draft_folder.py',
    'mmwsml/datasets/open_images_arrays.py',
    'mmwsml/benchmark/processes.py',
    'mmwsml/structures/feature_writer.py',
    'mmwsml/structures/held_folder.py',
    'mmwsml/structures/label_arrays.py',
    'mmwsml/records/record_writer.py',
    'mmwsml/recipe/plan.py',
    'mmwsml/recipe/progress.py',
    'mmwsml/structures/text_array.py',
}


def test_every_file_is_written_here_or_in_a_draft_folder():
    root = Path(__file__).parents[2]
    own = ('tools/checks/', 'tools/benchmarks/')  # data that they make up
    found = [
        f'{name}: {line.strip()}'
        for folder in ('mmwsml', 'tools')
        for path in (root / folder).rglob('*.py')
        for name in [path.relative_to(root).as_posix()]
        for line in path.read_text(encoding='utf-8').splitlines()
        if not name.startswith(own)
        and BY_PATH.search(line)
        and not OPEN.search(line)
    ]
    assert {line.partition(':')[0] for line in found} <= ELSEWHERE, found


def test_errors_name_the_file_and_not_its_draft(tmp_path, monkeypatch):
    path = tmp_path / 'none' / 'file'
    with pytest.raises(FileNotFoundError) as refusal:
        write_whole(path, 'new')
    assert refusal.value.filename == str(path)

    def sync(number):
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', sync)
    with pytest.raises(OSError, match='No space left') as refusal:
        write_whole(tmp_path / 'file', 'new')
    assert refusal.value.filename == str(tmp_path / 'file')
    assert os.listdir(tmp_path) == []


def test_json_is_ascii_an_entry_a_line(tmp_path):
    path = tmp_path / 'a.json'
    write_json(path, dict(name='Füße', number=1))
    lines = path.read_bytes().splitlines()
    assert len(lines) == 4 and json.loads(path.read_bytes())['number'] == 1
    assert path.read_bytes().isascii()
    with pytest.raises(TypeError):
        write_json(path, dict(name=object()))
    assert path.read_bytes().splitlines() == lines
