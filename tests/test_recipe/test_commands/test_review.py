import csv


def test_a_list_is_written_filled_and_read_back(mmwsml, judged):
    status, out, _ = mmwsml('review', judged.path, '--num', 5)
    assert status == 0 and f'Wrote 5 of them to {judged.review}' in out
    with judged.review.open(newline='') as file:
        head, *lines = csv.reader(file)
    lines[0][2] = 'yes'
    with judged.review.open('w', newline='') as file:
        csv.writer(file).writerows([head, *lines])
    words = 'review', judged.path, '--answers', judged.review
    status, out, _ = mmwsml(*words)
    assert status == 0 and out.startswith('1 answers: 1 present')


def test_a_draw_has_a_list_of_its_own(mmwsml, judged):
    status, _, _ = mmwsml('review', judged.path, '--draw', 40, '--seed', 1)
    assert status == 0 and judged.drawn('train').is_file()
    assert not judged.review.exists()


def test_a_folder_that_is_no_fit_is_refused_in_a_sentence(mmwsml, photos):
    status, _, err = mmwsml('review', photos)
    assert status == 1 and err.count('\n') == 1
    assert 'holds no labels/train.json' in err
