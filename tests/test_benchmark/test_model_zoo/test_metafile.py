"""Metafiles are written as they are read."""

from pathlib import Path

import pytest

from mmwsml.benchmark.model_zoo.metafile import dump_metafile, read_metafile

ROOT = Path(__file__).parents[3]
TEXT = """\
Collections:
  - Name: LL-R
    Paper:
      Title: "Large: Loss"

Models:
  - Name: a
    Metadata:
      Training Seeds: 0, 1
      Training Resources: '0'
    Published:
      Groups: [77.4, 79.1]
    Results:
      - Metrics:
          mAP: 1.0
"""


def test_reading_and_writing_changes_nothing(tmp_path):
    path = tmp_path / 'metafile.yml'
    path.write_text(TEXT)
    assert dump_metafile(read_metafile(path)) == TEXT


@pytest.mark.parametrize('text', ['', 'Collections: []\n', 'Models: []\n'])
def test_a_metafile_without_a_collection_is_refused(tmp_path, text):
    path = tmp_path / 'metafile.yml'
    path.write_text(text)
    with pytest.raises(ValueError, match='one entry in `Collections`'):
        read_metafile(path)


def test_a_missing_metafile_is_named(tmp_path):
    with pytest.raises(ValueError, match=r'metafile\.yml .* does not exist'):
        read_metafile(tmp_path / 'metafile.yml')
