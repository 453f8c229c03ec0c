"""Tables tell what was measured here from what was published."""

import pytest

from mmwsml.benchmark.model_zoo.tables import make_table


def model(name, collection='LL-Ct', **parts):
    row = {'Name': name, 'In Collection': collection, 'Config': f'c/{name}.py'}
    return {**row, 'Metadata': {}, **parts}


CT = 'll-ct_resnet50_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px'
AN = 'an_resnet50_in1k-pre_1xb16-sgd-10e_voc12-1pos-448px'


def test_what_was_not_run_says_so_beside_what_was_published():
    rows = [
        model(CT, Published={'mAP': 89.0, 'Source': 'A paper'}),
        model(AN, 'AN', Results=[{'Metrics': {'mAP': 85.0, 'mAP std': 0.0}}]),
    ]
    head, _, *lines = make_table('voc12', rows).splitlines()
    assert head.split(' | ')[4:7] == [
        '**measured here**',
        'published',
        'published in',
    ]
    assert lines[0].startswith('| AN |') and '| 85.0 ± 0.0 |  |' in lines[0]
    assert '| not run here | 89.0 | A paper |' in lines[1]
    assert f'[config](../c/{CT}.py)' in lines[1]


def test_groups_have_columns_where_they_were_published():
    name = 'an_resnet101_4xb72-adam-9e_openimagesv3-org-224px'
    row = model(name, Published={'mAP': 3.0, 'Groups': [1.0, 2, 3, 4, 5.0]})
    table = make_table('openimagesv3', [row])
    assert 'published, G5' in table and '| 3.0 | 1.0 | 2 | 3 |' in table
    assert 'G1' not in make_table('voc12', [model(CT)])


def test_the_short_table_has_the_methods_of_the_paper_alone():
    rows = [
        model(name.replace('voc12-1pos-448px', 'voc12-1pos'))
        for name in (CT, AN, CT.replace('ll-ct', 'hill', 1))
    ]
    table = make_table('voc12/resnet50', rows)
    assert len(table.splitlines()) == 4 and 'config' not in table


@pytest.mark.parametrize('name', ['voc07', 'voc12/resnet18'])
def test_a_table_of_nothing_is_refused(name):
    with pytest.raises(ValueError, match=f"but got '{name}'"):
        make_table(name, [model(CT)])
