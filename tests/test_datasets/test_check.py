from pathlib import Path

import pytest
from mmengine.config import Config
from PIL import Image

from mmwsml.datasets import NUSWIDE, PartialLabelDataset
from mmwsml.datasets.check import check_config, check_dataset
from mmwsml.datasets.split_reports import format_reports

DATA = [
    dict(img_path='1.png', gt_label=[0], neg_label=[2]),
    dict(img_path='2.png', gt_label=[0, 2]),
    dict(img_path='3.png', gt_label=[]),
]


def loader(labels='partial', **kwargs):
    dataset = dict(type='mmwsml.PartialLabelDataset', labels=labels, **kwargs)
    return dict(dataset=dataset)


def split_loader(part, **kwargs):
    inner = loader(**kwargs)['dataset']
    dataset = dict(type='mmwsml.ValidationSplit', part=part, dataset=inner)
    return dict(dataset=dataset)


def test_counts_images_classes_and_labels(write_dataset):
    report = check_dataset(PartialLabelDataset(**write_dataset(DATA)))
    assert report.counts == {
        'images': 3,
        'classes': 3,
        'positive labels': 3,
        'negative labels': 1,
        'images without a positive': 1,
        'classes without a positive': 1,
        'images opened': 3,
    }
    assert not report.faults


def test_complete_labels_are_negative_where_not_positive(write_dataset):
    kwargs = write_dataset(DATA[1:])
    report = check_dataset(PartialLabelDataset(labels='complete', **kwargs))
    assert report.counts['positive labels'] == 2
    assert report.counts['negative labels'] == 4


@pytest.mark.parametrize(
    'num_images, opened', [(None, 9), (4, 4), (20, 9), (0, 0)]
)
def test_opens_all_images_or_some_evenly_spaced(
    write_dataset, monkeypatch, num_images, opened
):
    data_list = [dict(img_path=f'{n}.png', gt_label=[0]) for n in range(9)]
    dataset = PartialLabelDataset(**write_dataset(data_list))
    names = []
    monkeypatch.setattr(
        'mmwsml.datasets.check.find_image_error',
        lambda path: names.append(path[-5]),
    )
    report = check_dataset(dataset, num_images)
    assert report.counts['images opened'] == len(names) == opened
    assert len(set(names)) == opened
    assert not opened or {'0', '8'} <= set(names)


def test_finds_a_truncated_image(write_dataset, tmp_path):
    dataset = PartialLabelDataset(**write_dataset(DATA))
    path = tmp_path / 'images' / '2.png'
    Image.effect_noise((64, 64), 50).save(path)
    path.write_bytes(path.read_bytes()[:2000])
    faults = check_dataset(dataset).faults
    assert len(faults) == 1
    assert f'The image {path} is truncated or no image: replace' in faults[0]


def test_compares_with_the_published_size(tmp_path, write_layout):
    write_layout('nusspml', tmp_path, dict(test={'a/1.jpg': [3]}))
    report = check_dataset(NUSWIDE('spml', 'test', str(tmp_path)))
    assert report.counts['images of the published set'] == 60260
    assert len(report.faults) == 1
    assert (
        'There are 1 images where the published set has 60260: the files'
        in (report.faults[0])
    )


def test_reads_every_split_of_a_config(write_dataset):
    kwargs = write_dataset(DATA)
    cfg = Config(
        dict(
            train_dataloader=split_loader('train', **kwargs),
            val_dataloader=split_loader('val', **kwargs),
            test_dataloader=None,
        )
    )
    reports = check_config(cfg)
    assert list(reports) == ['train', 'val']
    sizes = [report.counts['images'] for report in reports.values()]
    assert sizes == [2, 1]
    assert not any(report.faults for report in reports.values())


def test_finds_images_that_are_in_training_and_in_test(write_dataset):
    kwargs = write_dataset(DATA)
    cfg = Config(
        dict(
            train_dataloader=split_loader('train', **kwargs),
            test_dataloader=loader(**kwargs),
        )
    )
    reports = check_config(cfg)
    assert not reports['train'].faults
    assert len(reports['test'].faults) == 1
    message = '2 images are in the training set too, the first is images/'
    assert message in reports['test'].faults[0]


def test_goes_on_past_bad_entries_if_told_to(write_dataset, tmp_path):
    kwargs = write_dataset(DATA)
    (tmp_path / 'images' / '1.png').unlink()
    splits = dict(
        train_dataloader=split_loader('train', **kwargs),
        test_dataloader=dict(
            dataset=dict(type='RepeatDataset', times=1, **loader(**kwargs))
        ),
    )
    for split, report in check_config(Config(splits)).items():
        assert report.counts == {} and len(report.faults) == 1, split
        assert '1.png is missing or empty' in report.faults[0]
    reports = check_config(Config(splits), skip_bad=True)
    assert reports['train'].counts['images'] == 2 - round(0.2 * 2)
    assert reports['test'].counts['images'] == 2
    for report in reports.values():
        assert '1.png is missing or empty' in report.faults[0]


def test_leaves_data_sets_of_others_as_they_are(write_dataset):
    kwargs = write_dataset(DATA[1:])
    other = dict(type='MultiLabelDataset', **kwargs)
    concat = dict(
        type='ConcatDataset', datasets=[other, loader(**kwargs)['dataset']]
    )
    cfg = Config(dict(train_dataloader=dict(dataset=concat)))
    report = check_config(cfg, skip_bad=True)['train']
    assert report.counts['images'] == 4 and not report.faults


def test_the_table_has_a_column_for_each_split(write_dataset, tmp_path):
    kwargs = write_dataset(DATA)
    cfg = Config(
        dict(
            train_dataloader=loader(**kwargs),
            test_dataloader=loader(**{**kwargs, 'ann_file': 'none.json'}),
        )
    )
    table = format_reports(check_config(cfg)).splitlines()
    assert table[0].split() == ['train', 'test']
    rows = {line[:34].strip(): line[34:].split() for line in table[1:9]}
    assert rows['images'] == ['3', '-']
    assert rows['faults'] == ['0', '1']
    assert table[9].startswith('test: ') and 'none.json' in table[9]


def test_the_table_cuts_long_lists_of_faults(write_dataset, tmp_path):
    data_list = [dict(img_path=f'{n}.png', gt_label=[0]) for n in range(9)]
    dataset = PartialLabelDataset(**write_dataset(data_list))
    for n in range(9):
        (tmp_path / 'images' / f'{n}.png').write_bytes(b'')
    reports = dict(val=check_dataset(dataset))
    lines = format_reports(reports, max_faults=4).splitlines()
    assert sum('replace the file' in line for line in lines) == 4
    assert lines[-1] == 'val: ... and 9 in all.'


def test_a_bomb_is_a_fault_of_its_data_set(write_dataset, write_bomb):
    kwargs = write_dataset([dict(img_path='1.png', gt_label=[0])])
    dataset = PartialLabelDataset(**kwargs)
    write_bomb(Path(kwargs['data_root'], 'images', '1.png'), 60_000)
    (fault,) = check_dataset(dataset).faults
    assert '1.png' in fault
    with pytest.raises(OSError, match=r'1\.png says that it has more than'):
        PartialLabelDataset(**kwargs)
