import argparse
from dataclasses import fields

import pytest

from mmwsml.label_files.read_options import (
    HELP,
    ReadOptions,
    read_names,
    split_names,
)


def test_each_option_has_a_help_and_is_on_the_command_line():
    assert list(HELP) == [item.name for item in fields(ReadOptions)]
    parser = argparse.ArgumentParser()
    ReadOptions.add_arguments(parser)
    args = parser.parse_args(['--absent=-1', '--image-column', 'Path'])
    options = ReadOptions(absent='-1', image_column='Path')
    assert ReadOptions.of(args) == options


def test_reads_a_list_of_names(tmp_path):
    (tmp_path / 'a.txt').write_text('cat\nhot dog \n')
    path = str(tmp_path / 'a.txt')
    assert read_names(path) == split_names(path) == ['cat', 'hot dog']
    assert split_names('cat,hot dog') == split_names(['cat', 'hot dog'])
    assert split_names('cat, hot dog ') == ['cat', 'hot dog']
    assert split_names(None) == []
    (tmp_path / 'a.txt').write_text('cat\ndog\ncat\n')
    with pytest.raises(ValueError, match=r"line 3: 'cat' is there twice"):
        read_names(path)
