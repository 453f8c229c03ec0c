"""tools/dataset_converters/observe_labels.py and a training with its file."""

import contextlib
import json

import pytest

from mmwsml.datasets import DigitScenes
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.label_files.observed_labels_file import load_observed_labels

TOOL = 'dataset_converters/observe_labels'


@pytest.fixture
def observe(run_tool, config, digits, tmp_path):
    """Observe labels of 128 scenes; return them and the scenes."""

    def run(*args):
        args = ('--out', 'seen.jsonl', *args)
        run_tool(TOOL, config('ll-ct'), *args, options=digits)
        root = digits[1].partition('=')[2]
        dataset = DigitScenes('train', data_root=root, indices=128)
        return load_observed_labels(str(tmp_path / 'seen.jsonl')), dataset

    return run


def test_hash_is_the_draw_of_the_transform(observe, capsys):
    labels, dataset = observe('--seed', 3)
    for n in range(128):
        info = dataset.get_data_info(n)
        known = labels.of(info['sample_id'])
        assert known == (KeepOnePositive(3)(info)['gt_label'], [])
    assert labels.made['generator'] == 'hash' and labels.made['seed'] == 3
    output = capsys.readouterr().out
    assert 'Known positives: 128 (1.00 an image)' in output
    assert 'Known labels: 10.00 %' in output and 'Bad entries: 0' in output


def test_the_draw_of_the_paper_keeps_a_true_label_of_each_image(observe):
    labels, dataset = observe('--generator', 'spml', '--seed', 1200)
    for n in range(128):
        info = dataset.get_data_info(n)
        (label,), negatives = labels.of(info['sample_id'])
        assert label in info['gt_label'] and negatives == []


def test_fixed_per_class_keeps_the_same_of_each_class(observe):
    labels, _ = observe('--generator', 'fpc', '--num-per-class', 7)
    for kind in ('positives', 'negatives'):
        found = [label for image in labels for label in getattr(image, kind)]
        assert all(found.count(label) == 7 for label in range(10))


def test_reads_guesses_and_counts_what_it_leaves_out(
    observe, tmp_path, capsys
):
    text = 'image,class,score\n00000.png,3,0.9\n00001.png,cow,1\n'
    text += ''.join(f'{n:05}.png,3,1\n' for n in range(2, 10))
    (tmp_path / 'guesses.csv').write_text(text)
    with pytest.raises(ValueError, match=r'line 3: .* no class .cow.'):
        observe('--read', 'guesses.csv')
    labels, _ = observe('--read', 'guesses.csv', '--skip-bad')
    assert labels.of('digit_scenes_v1/train/00000.png', 0.5) == ([3], [])
    assert labels.of('digit_scenes_v1/train/00000.png', 0.95) == ([], [])
    assert 'Bad entries: 1' in capsys.readouterr().out


def test_reads_what_infer_wrote(observe, tmp_path):
    lines = ['img_path,labels,3,5']
    lines += [f'here/{n:05}.png,"[""5""]",0.1,0.9' for n in range(10)]
    (tmp_path / 'scores.csv').write_text('\n'.join(lines))
    args = ('--read', 'scores.csv', '--strip-prefix', 'here/')
    labels, _ = observe(*args)
    assert labels.of('digit_scenes_v1/train/00000.png', 0.5) == ([5], [])
    assert labels.scored


def test_reads_any_table_in_the_classes_of_the_data_set(observe, tmp_path):
    lines = ['file;7;emu;3'] + [f'{n:05}.png;;1;' for n in range(128)]
    (tmp_path / 'labels.csv').write_text('\n'.join(lines))
    labels, dataset = observe('--read', 'labels.csv')
    assert not labels.scored and len(labels) == 128
    assert labels.classes == list(dataset.metainfo['classes'])


def test_options_of_reading_are_refused_where_nothing_is_read(observe, capsys):
    with pytest.raises(SystemExit):
        observe('--tags', 'label')
    assert 'how labels are read are for --read' in capsys.readouterr().err


@pytest.mark.parametrize('flag', ['--seed', '--num-per-class'])
def test_options_of_a_draw_are_refused_where_nothing_is_drawn(
    observe, capsys, flag
):
    with pytest.raises(SystemExit):
        observe('--read', 'guesses.csv', flag, 0)
    assert f'{flag} is for a --generator: --read' in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_trains_on_what_was_observed(
    observe, run_tool, config, digits, tmp_path
):
    observe()
    step = 'train_dataloader.dataset.pipeline.0'
    load = [
        f'{step}.type=mmwsml.LoadObservedLabels',
        f'{step}.ann_file=seen.jsonl',
    ]
    scores = []
    for options in ([], load):  # drawn in the pipeline, or read
        options = [*digits, 'train_cfg.max_epochs=1', *options]
        work_dir = f'w{len(scores)}'
        run_tool(
            'train', config('an'), '--work-dir', work_dir, options=options
        )
        (log,) = (tmp_path / work_dir).glob('*/vis_data/scalars.json')
        last = log.read_text().splitlines()[-1]
        scores.append(json.loads(last)['multi-label/mAP'])
    assert scores[0] == scores[1]


def test_a_file_that_is_there_is_replaced_by_force(
    observe, run_tool, config, digits, tmp_path
):
    (tmp_path / 'mine.jsonl').write_text('mine')
    args = (TOOL, config('ll-ct'), '--out', 'mine.jsonl')
    with contextlib.suppress(FileExistsError, SystemExit):
        run_tool(*args, options=digits)
    assert (tmp_path / 'mine.jsonl').read_text() == 'mine'
    run_tool(*args, '--force', options=digits)
    assert (tmp_path / 'mine.jsonl').read_text() != 'mine'
