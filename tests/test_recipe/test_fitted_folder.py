from mmwsml.recipe.fitted_folder import FittedFolder


def test_a_folder_stays_what_it_is_when_one_goes_elsewhere(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    folder = FittedFolder('fits/a')
    monkeypatch.chdir('/')
    assert folder.labels('train') == tmp_path / 'fits/a/labels/train.json'
    assert folder.run('head').is_absolute()
