import pytest

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.transforms import AddSampleId


@pytest.mark.parametrize('root', ['/data/voc', '/mnt/elsewhere/voc', 'voc'])
def test_does_not_depend_on_where_the_data_lie(root):
    add = AddSampleId(namespace='voc12', data_root=root)
    results = add(dict(img_path=f'{root}/JPEGImages/1.jpg', gt_label=[0]))
    assert results['sample_id'] == 'voc12/JPEGImages/1.jpg'
    assert results['gt_label'] == [0]


def test_spells_one_path_in_one_way():
    add = AddSampleId(namespace='voc12', data_root='/data/voc/')
    paths = [
        '/data/voc/a/1.jpg',
        '/data/voc/./a/1.jpg',
        '/data/voc/b/../a/1.jpg',
    ]
    ids = {add(dict(img_path=path))['sample_id'] for path in paths}
    assert ids == {'voc12/a/1.jpg'}


def test_data_sets_of_other_namespaces_never_collide():
    results = dict(img_path='/data/1.jpg')
    ids = {AddSampleId(n, '/data')(dict(results))['sample_id'] for n in 'abc'}
    assert len(ids) == 3


def test_gives_the_id_that_the_datasets_of_mmwsml_give(write_dataset):
    kwargs = write_dataset([dict(img_path='1.png', gt_label=[0])])
    info = PartialLabelDataset(namespace='pets', **kwargs).get_data_info(0)
    add = AddSampleId('pets', f'{kwargs["data_root"]}/images')
    assert add(dict(img_path=info['img_path']))['sample_id'] == 'pets/1.png'
    assert info['sample_id'] == 'pets/1.png'


def test_shows_its_arguments():
    text = repr(AddSampleId('voc12', '/data'))
    assert text == "AddSampleId(namespace='voc12', data_root='/data')"
