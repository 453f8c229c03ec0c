import json

from mmwsml.label_files.annotations import save_annotations


def test_writes_the_form_of_the_data_set(table, tmp_path):
    marked = table('image,cat,dog\nä 1.jpg,1,0\nb.jpg,,1\n')
    save_annotations(marked, 'partial', str(tmp_path / 'a.json'))
    assert json.loads((tmp_path / 'a.json').read_text()) == dict(
        metainfo=dict(classes=['cat', 'dog']),
        data_list=[
            dict(img_path='ä 1.jpg', gt_label=[0], neg_label=[1]),
            dict(img_path='b.jpg', gt_label=[1], neg_label=[]),
        ],
    )
    save_annotations(marked.take([0]), 'complete', str(tmp_path / 'a.json'))
    (entry,) = json.loads((tmp_path / 'a.json').read_text())['data_list']
    assert entry == dict(img_path='ä 1.jpg', gt_label=[0])
