import csv

import pytest


@pytest.mark.parametrize('model', ['folder', 'file'])
def test_scores_become_a_table(mmwsml, fitted, photos, tmp_path, model):
    path = fitted.path if model == 'folder' else fitted.model
    out = tmp_path / 'scores.csv'
    status, _, err = mmwsml('predict', path, photos, '--out', out)
    assert status == 0
    with out.open(newline='') as file:
        head, *lines = csv.reader(file)
    assert head == ['img_path', 'labels', 'cat', 'dog', 'emu']
    assert [line[0] for line in lines] == [
        str(photos / f'{n}.png') for n in range(3)
    ]
    assert (
        '2 files are no images by their names, left out: 1 without ending, 1 '
        '.csv.\n3 of 3 images predicted, 0 skipped.'
    ) in err


def test_an_unreadable_image_is_named_and_shows_in_the_status(
    mmwsml, fitted, photos
):
    (photos / '1.png').write_text('no image')
    status, out, err = mmwsml('predict', fitted.path, photos)
    assert status == 1 and len(out.splitlines()) == 2
    assert f'skipped {photos / "1.png"}: The image' in err
    assert '2 of 3 images predicted, 1 skipped.' in err


def test_a_table_that_is_there_is_kept(mmwsml, fitted, photos, tmp_path):
    out = tmp_path / 'scores.csv'
    out.write_text('mine')
    words = 'predict', fitted.path, photos, '--out', out
    status, _, err = mmwsml(*words)
    assert status == 1 and out.read_text() == 'mine'
    assert err.startswith('error: ') and 'is there already' in err
    assert mmwsml(*words, '--force')[0] == 0


def test_a_folder_that_is_no_fit_is_refused_in_a_sentence(mmwsml, photos):
    status, _, err = mmwsml('predict', photos, photos)
    assert status == 1 and err.count('\n') == 1
    assert 'is not the folder of a fit; name what --out' in err
