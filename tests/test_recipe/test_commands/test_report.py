def test_the_verdict_is_told_again(mmwsml, judged):
    status, out, _ = mmwsml('report', judged.path)
    assert status == 0 and out.splitlines()[-2].startswith('Next: ')
    assert judged.verdict.is_file()


def test_a_folder_that_is_no_fit_is_refused_in_a_sentence(mmwsml, photos):
    status, _, err = mmwsml('report', photos)
    assert status == 1 and err.count('\n') == 1
    assert 'holds no labels/train.json' in err
