def test_it_says_what_to_do_next(mmwsml, tmp_path):
    status, out, _ = mmwsml('demo-data', tmp_path / 'digits', '--images', 40)
    assert status == 0
    assert out.splitlines()[-1].startswith('mmwsml fit labels.csv images')


def test_a_number_out_of_range_is_refused_in_a_sentence(mmwsml, tmp_path):
    status, _, err = mmwsml('demo-data', tmp_path / 'digits', '--images', 5)
    assert status == 1
    assert (
        err == 'error: `images` must be an integer of at least 40, but '
        'got 5.\n'
    )
