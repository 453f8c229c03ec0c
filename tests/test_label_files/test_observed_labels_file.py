import json

import pytest

from mmwsml.label_files.observed_labels import Observation, ObservedLabels
from mmwsml.label_files.observed_labels_file import (
    load_observed_labels,
    save_observed_labels,
)

IMAGES = [
    Observation('x/b.jpg', [0, 2], []),
    Observation('x/ä b.jpg', [], [1]),
    Observation('x/a.jpg', [], []),
]
GUESSES = [
    Observation('x/1', [0, 2], [1], [0.875, 0.5, 0.25]),
    Observation('x/2', [], [], []),
]
HEADER = dict(
    format='mmwsml.observed_labels',
    version=1,
    num_images=1,
    classes=['a', 'b', 'c'],
)
LINE = dict(sample_id='x/1', gt_label=[0], neg_label=[2])


@pytest.fixture
def load(tmp_path):
    """Write lines, dicts or texts, to a file and load it."""

    def write_and_load(*lines):
        texts = [x if isinstance(x, str) else json.dumps(x) for x in lines]
        (tmp_path / 'seen.jsonl').write_text('\n'.join(texts))
        return load_observed_labels(str(tmp_path / 'seen.jsonl'))

    return write_and_load


@pytest.mark.parametrize('images', [IMAGES, GUESSES, []])
def test_loads_what_was_saved(tmp_path, images):
    made = dict(generator='spml', seed=1200)
    path = str(tmp_path / 'seen.jsonl')
    save_observed_labels(ObservedLabels('abc', images, made), path)
    labels = load_observed_labels(path)
    scored = labels.scored
    assert list(labels) == [
        image if scored else image._replace(scores=None) for image in images
    ]
    assert labels.classes == ['a', 'b', 'c'] and labels.made == made


def test_reads_a_file_written_by_hand(load):
    assert load(HEADER, '', LINE).of('x/1') == ([0], [2])


def test_a_header_without_a_version_is_of_the_first(load):
    assert load(changed(HEADER, version=None), LINE).of('x/1') == ([0], [2])


def changed(line, **changes):
    """Change a line; None takes a key away."""
    line = {**line, **changes}
    return {key: value for key, value in line.items() if value is not None}


@pytest.mark.parametrize(
    'header, rule',
    [
        ('{"format"', 'must be a line of JSON'),
        ('[1]', 'must be a JSON object'),
        (dict(metainfo={}), 'must be a header with "format"'),
        (changed(HEADER, version=2), 'is of format version 2, .* upgrade mm'),
        (changed(HEADER, version='1'), "must be a number from 1, but is '1'"),
        (changed(HEADER, classes=None), '"classes" must be a list of distin'),
        (changed(HEADER, classes=[]), '"classes" must be a list of distinct'),
        (changed(HEADER, classes=['a', 'a']), '"classes" must be a list of '),
        (changed(HEADER, num_images=None), '"num_images" must be the number'),
    ],
)
def test_refuses_a_wrong_header(load, header, rule):
    with pytest.raises(ValueError, match=rf'seen\.jsonl, line 1: .*{rule}'):
        load(header, LINE)


@pytest.mark.parametrize(
    'line, rule',
    [
        ('{"sample_id": "x', 'must be a line of JSON, .*; the line is cut'),
        ('"x/1"', 'must be a JSON object'),
        (changed(LINE, sample_id=None), '`sample_id` must be a text'),
        (changed(LINE, sample_id=3), '`sample_id` must be a text, but got 3'),
        (changed(LINE, gt_label=None), 'x/1 are wrong: `gt_label` must be a'),
        (changed(LINE, gt_label=[3]), r'integers in \[0, 3\).*correct the li'),
        (changed(LINE, neg_label=[-1]), r'`neg_label` must hold integers in'),
        (changed(LINE, neg_label=[0]), 'class 0 is in `gt_label` and in `ne'),
        (changed(LINE, gt_label=[0, 0]), 'must name a class once'),
        (changed(LINE, scores=[1]), r'a number in \[0, 1\] for each label'),
        (changed(LINE, scores=[1, 1.5]), r'a number in \[0, 1\] for each la'),
        (changed(LINE, scores=[1, '1']), r'a number in \[0, 1\] for each la'),
    ],
)
def test_refuses_a_wrong_line_and_names_it(load, line, rule):
    header = changed(HEADER, num_images=2)
    other = changed(LINE, sample_id='x/0')
    with pytest.raises(ValueError, match=rf'seen\.jsonl, line 3: .*{rule}'):
        load(header, other, line)


@pytest.mark.parametrize('num_images', [0, 2])
def test_refuses_a_file_that_is_cut_off(load, num_images):
    message = rf'seen\.jsonl: the header announces {num_images} .* 1 follow'
    with pytest.raises(ValueError, match=message):
        load(changed(HEADER, num_images=num_images), LINE)


def test_refuses_an_image_that_is_there_twice(load):
    header = changed(HEADER, num_images=2)
    with pytest.raises(ValueError, match=r'seen\.jsonl: x/1 is there twice'):
        load(header, LINE, LINE)


def test_refuses_a_file_of_blank_lines(load):
    with pytest.raises(ValueError, match=r'seen\.jsonl, line 1: must be a li'):
        load('', ' ', '')


@pytest.mark.parametrize(
    'header, line, rule',
    [
        (HEADER, '{"sample_id": ' + '[' * 100_000, 'nested too deeply'),
        (HEADER, json.dumps(dict(LINE, sample_id='x/\udce9')), 'not UTF-8'),
        (changed(HEADER, made=True), LINE, '"made" must be an object'),
        (changed(HEADER, made=[1]), LINE, '"made" must be an object'),
        (changed(HEADER, classes=['a', 'b', [0]]), LINE, 'distinct names'),
        (HEADER, changed(LINE, gt_label='y' * 10**6), 'a list of class ind'),
    ],
)
def test_a_damaged_file_ends_in_a_short_sentence(load, header, line, rule):
    with pytest.raises(ValueError, match=rf'seen\.jsonl, line .*{rule}') as e:
        load(header, line)
    assert len(str(e.value)) < 600
