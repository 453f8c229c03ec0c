import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.voc_labels import read_voc

OBJECT = '<object><name>{}</name><difficult>{}</difficult></object>'
PART = '<object><name>dog</name><part><name>head</name></part></object>'


@pytest.fixture
def write(tmp_path):
    """Write the XML file of an image; return the folder above."""
    folder = tmp_path / 'Annotations'
    folder.mkdir()

    def write(name, *objects):
        body = ''.join(objects)
        text = f'<annotation><filename>{name}.jpg</filename>{body}'
        (folder / f'{name}.xml').write_text(f'{text}</annotation>')
        return tmp_path

    return write


def read(folder, skip=False, **kwargs):
    """Read a folder; return the classes, the images, what was bad."""
    bad = BadEntries(skip)
    source = read_voc(
        str(folder), kwargs.get('ids'), kwargs.get('classes'), bad
    )
    return source.classes, [image[1:3] for image in source.images], bad


def test_a_class_with_an_object_is_present(write):
    write('1', OBJECT.format('cat', 0), OBJECT.format('cat', 0), PART)
    folder = write('2', OBJECT.format('ape', 0))
    for place in (folder, folder / 'Annotations'):
        classes, images, _ = read(place)
        assert classes == ['ape', 'cat', 'dog']
        assert images == [
            ('1.jpg', ['cat', 'dog']),
            ('2.jpg', ['ape']),
        ]


def test_difficult_objects_do_not_count(write):
    objects = OBJECT.format('cat', 1), OBJECT.format('ape', 0)
    write('1', *objects, OBJECT.format('ape', 1))
    folder = write('2', OBJECT.format('cat', 0))
    assert read(folder)[1][0] == ('1.jpg', ['ape'])


def test_reads_the_images_of_a_list_and_the_classes_given(write):
    write('1', OBJECT.format('cat', 0))
    folder = write('2', OBJECT.format('ape', 0))
    (folder / 'train.txt').write_text('2\n1 -1\n')
    classes, images, _ = read(
        folder, ids=str(folder / 'train.txt'), classes=['owl', 'cat', 'ape']
    )
    assert classes == ['owl', 'cat', 'ape']
    assert [image[0] for image in images] == ['2.jpg', '1.jpg']


def test_refuses_a_folder_without_files(tmp_path):
    with pytest.raises(ValueError, match='holds no XML file, nor does its'):
        read(tmp_path)


def test_refuses_a_bad_file_or_leaves_it_out(write):
    folder = write('1', OBJECT.format('cat', 0))
    (folder / 'Annotations' / '2.xml').write_text('<annotation>')
    with pytest.raises(ValueError, match=r'2\.xml: must be XML, but'):
        read(folder)
    for n in range(20, 29):
        write(f'{n}')
    _, images, bad = read(folder, skip=True)
    assert len(images) == 10 and bad.count == 1


def test_refuses_an_image_without_a_file(write):
    folder = write('1', OBJECT.format('cat', 0))
    (folder / 'train.txt').write_text('1\n9\n')
    with pytest.raises(ValueError, match=r'9\.xml: No such file'):
        read(folder, ids=str(folder / 'train.txt'))


VOC = '<annotation><filename>{}</filename>{}</annotation>'
CAT = OBJECT.format('cat', 0)


def test_xml_of_other_programs_is_no_image_without_a_class(write):
    folder = write('1', CAT) / 'Annotations'
    (folder / 'b.tif.aux.xml').write_text('<PAMDataset/>')
    (folder / 'cfg.xml').write_text('<data>imglab</data>')
    _, images, bad = read(folder)
    assert images == [('1.jpg', ['cat'])] and bad.count == 0
    notes = read_voc(str(folder), None, None, BadEntries()).notes
    assert len(notes) == 2 and 'b.tif.aux.xml: is no anno' in notes[0]


@pytest.mark.parametrize(
    'text', ['<annotations><image name="a"/></annotations>']
)
def test_a_folder_of_another_program_is_refused(tmp_path, text):
    (tmp_path / 'annotations.xml').write_text(text)
    with pytest.raises(ValueError, match=r'ons\.xml: is no annotation of VOC'):
        read(tmp_path, classes=['cat'])


@pytest.mark.parametrize('mark', ['deleted', 'difficult'])
@pytest.mark.parametrize('value', ['1', 'True', ' true '])
def test_marked_objects_do_not_count(write, mark, value):
    car = f'<object><name>car</name><{mark}>{value}</{mark}></object>'
    assert read(write('1', CAT, car))[1] == [('1.jpg', ['cat'])]


def test_no_class_has_an_empty_name(write):
    write('1', CAT)
    folder = write('2', '<object><bndbox/></object>')
    with pytest.raises(ValueError, match=r'2\.xml: an <object> has no <name>'):
        read(folder, skip=True)


def test_reads_folders_below_and_endings_in_capitals(write):
    folder = write('1', CAT)
    inner = folder / 'Annotations' / 'day'
    inner.mkdir()
    (inner / '2.XML').write_text(VOC.format('day/2.jpg', CAT))
    assert [image[0] for image in read(folder)[1]] == ['1.jpg', 'day/2.jpg']


@pytest.mark.parametrize(
    'named, path',
    [
        ('1', '1.jpg'),
        ('C:\\me\\1.jpg', '1.jpg'),
        ('/home/me/1.jpg', '1.jpg'),
        ('day\\1.jpg', 'day/1.jpg'),
        ('', '1.jpg'),
    ],
)
def test_finds_the_path_below_the_images(tmp_path, named, path):
    (tmp_path / '1.xml').write_text(VOC.format(named, CAT))
    assert read(tmp_path)[1] == [(path, ['cat'])]


@pytest.mark.parametrize('named', ['1', 'IMG_0001.JPG', ''])
def test_finds_the_image_of_the_name_of_the_file(write, named):
    folder = write('1', CAT)
    (folder / 'Annotations' / '1.xml').write_text(VOC.format(named, CAT))
    (folder / 'JPEGImages').mkdir()
    (folder / 'JPEGImages' / '1.png').touch()
    assert read(folder)[1] == [('1.png', ['cat'])]
    (note,) = read_voc(str(folder), None, None, BadEntries()).notes
    assert note.startswith('1 images are found by the names of their XML')


def test_lists_of_one_folder_have_its_classes(write):
    write('1', CAT)
    folder = write('2', OBJECT.format('ape', 0))
    for name, image in (('train', '1'), ('val', '2')):
        (folder / f'{name}.txt').write_text(f'{image}\n')
        found = read(folder, ids=str(folder / f'{name}.txt'))
        assert found[0] == ['ape', 'cat'] and len(found[1]) == 1
