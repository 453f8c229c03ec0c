"""The published numbers are there, once, and readable."""

from pathlib import Path

import pytest

from mmwsml.benchmark.published import (
    find_published,
    find_published_run,
    read_published,
)

ROOT = Path(__file__).parents[2]
RESNET50 = 'resnet50_in1k-pre_1xb16'
HEAD = 'method,dataset,init,mAP,G1,G2,G3,G4,G5,source\n'


@pytest.mark.parametrize(
    'key, score',
    [
        (('ll-r', 'voc12', 'e2e'), 89.2),
        (('ll-ct', 'coco14', 'linearinit'), 71.6),
        (('role', 'nusspml', 'linearinit'), 51.0),
        (('lsan', 'cub', 'e2e'), 17.9),
        (('gr', 'coco14', 'e2e'), 73.17),
    ],
)
def test_a_published_number_is_found(key, score):
    assert find_published(*key).score == score


def test_the_groups_of_openimages_are_there_and_average_to_the_whole():
    rows = [r for r in read_published() if r.dataset == 'openimagesv3']
    assert len(rows) == 10
    for row in rows:
        assert abs(sum(row.groups) / 5 - row.score) < 0.12
        assert list(row.groups) == sorted(row.groups)  # rarest first


def test_each_table_is_whole_and_each_method_has_configs():
    rows = read_published()
    for dataset in ('voc12', 'coco14', 'nusspml', 'cub'):
        inits = [row.init for row in rows if row.dataset == dataset]
        assert (inits.count('e2e'), inits.count('linearinit')) == (13, 9)
    assert all((ROOT / 'configs' / row.method).is_dir() for row in rows)


def test_what_was_not_published_is_none():
    assert find_published('ll-ct', 'digitscenes') is None


@pytest.mark.parametrize(
    'lines, message',
    [
        ('an,cub,e2e,1x,,,,,,A\n', 'line 2: mAP and G1 to G5 must be'),
        ('an,cub,e2e,1,,,,,,A\nan,cub,e2e,2,,,,,,B\n', 'line 3: .* twice'),
    ],
)
def test_a_bad_line_is_named(tmp_path, lines, message):
    path = tmp_path / 'published.csv'
    path.write_text(HEAD + lines)
    with pytest.raises(ValueError, match=message):
        read_published(path)


@pytest.mark.parametrize(
    'name, score',
    [
        (f'll-ct_{RESNET50}-sgd-10e_voc12-1pos-448px', 89.0),
        (f'll-ct_{RESNET50}-sgd-linearinit-10e_voc12-1pos-448px', 89.3),
        ('iu_resnet101_in1k-pre_4xb72-adam-9e_openimagesv3-org-224px', 75.9),
    ],
)
def test_the_published_run_of_a_config_is_found(name, score):
    assert find_published_run(name).score == score


@pytest.mark.parametrize(
    'name',
    [
        f'll-ct_{RESNET50}-sgd-10e_voc12-1pos-224px',
        'll-ct_resnet18_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px',
        f'hill_{RESNET50}-sgd-10e_voc12-1pos-448px',
        'iu_resnet50_in1k-pre_4xb72-adam-9e_openimagesv3-org-448px',
    ],
)
def test_another_backbone_or_size_or_method_was_not_published(name):
    assert find_published_run(name) is None
