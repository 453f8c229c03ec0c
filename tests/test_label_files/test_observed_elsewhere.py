"""Labels of a data set that were observed elsewhere, in any form."""

import json

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.image_finder import ImageFinder
from mmwsml.label_files.observed_elsewhere import read_elsewhere
from mmwsml.label_files.read_options import ReadOptions

CLASSES = ['cat', 'dog', 'cow']
FINDER = ImageFinder(['ns/in/1.jpg', 'ns/in/2.jpg'])
TABLE = 'image;dog;emu;cat\n1.jpg;FALSE;1;TRUE\nin/2.jpg;;0;\n'
TAGS = 'image,label\n1.jpg,dog\n1.jpg,cat\n2.jpg,cat\n'
GUESSES = 'score,class,image\n0.5,cow,2.jpg\n'
PREDICTED = 'img_path,labels,cat,cow\nin/1.jpg,"[""cow""]",0.1,0.9\n'
RECORDS = [dict(file_name='1.jpg', labels=['cow']),
           dict(file_name='2.jpg', labels=['cat', 'cow'])]  # fmt: skip
RESULT = dict(classes=CLASSES, thresholds=[0.5] * 3,
              images=[dict(img_path='in/2.jpg', labels=['dog'],
                           scores=[0, 0.75, 0])])  # fmt: skip
FORMS = {
    'table': ('a.csv', TABLE, {}, {1: ([0], [1]), 2: ([], [])}),
    'tags': (
        'a.tsv',
        TAGS,
        dict(tags='label', rest='absent'),
        {1: ([0, 1], [2]), 2: ([0], [1, 2])},
    ),
    'records': (
        'a.json',
        json.dumps(RECORDS),
        dict(rest='unknown'),
        {1: ([2], []), 2: ([0, 2], [])},
    ),
    'indices': ('a.txt', '1.jpg,0 2\n2.jpg,\n', {},
                {1: ([0, 2], []), 2: ([], [])}),
    'text': ('a.txt', TAGS, dict(tags='label', rest='unknown'),
             {1: ([0, 1], []), 2: ([0], [])}),
    'guesses': ('a.csv', GUESSES, {}, {2: ([2], [], [0.5])}),
    'infer.py as CSV': ('a.csv', PREDICTED, {}, {1: ([2], [], [0.9])}),
    'infer.py as JSON': ('a.json', json.dumps(RESULT), {},
                         {2: ([1], [], [0.75])}),
}  # fmt: skip


def read(path, text, skip=False, **options):
    """Read a text; return what is known by the number of the image."""
    path.write_text(text)
    bad = BadEntries(skip)
    options = ReadOptions(**options)
    found = read_elsewhere(str(path), FINDER, CLASSES, options, bad)
    for sample_id, image in found.items():
        assert image.sample_id == sample_id
    return {
        int(name[6]): image[1:] if image.scores else image[1:3]
        for name, image in found.items()
    }, bad


@pytest.mark.parametrize('form', FORMS)
def test_reads_every_form_in_the_classes_of_the_data_set(tmp_path, form):
    name, text, options, expected = FORMS[form]
    found, bad = read(tmp_path / name, text, **options)
    assert found == expected and bad.count == 0


def test_an_image_that_the_data_set_has_not_is_named(tmp_path):
    text = 'image,cat\n1.jpg,1\n9.jpg,1\n'
    with pytest.raises(ValueError, match=r'line 3: the data set has no image'):
        read(tmp_path / 'a.csv', text)
    found, bad = read(tmp_path / 'a.csv', text, skip=True)
    assert list(found) == [1] and bad.count == 1


def test_two_names_of_one_image_are_refused(tmp_path):
    text = 'image,cat\n1.jpg,1\nin/1.jpg,1\n'
    with pytest.raises(ValueError, match=r'line 3: .* there already under an'):
        read(tmp_path / 'a.csv', text)
