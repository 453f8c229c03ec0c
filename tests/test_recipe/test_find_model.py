import pytest

from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.recipe.find_model import find_model


def test_a_file_is_the_model_itself(published):
    assert find_model(published) == (str(published), None)


def test_a_folder_has_a_model_and_perhaps_thresholds(fitted):
    assert find_model(fitted.path) == (str(fitted.model), None)
    values = Thresholds(('cat', 'dog', 'emu'), [0.1, 0.2, 0.3])
    write_thresholds(str(fitted.thresholds), values)
    assert find_model(str(fitted.path))[1] == str(fitted.thresholds)


def test_a_fit_that_was_interrupted_is_named(fitted):
    fitted.model.unlink()
    with pytest.raises(FileNotFoundError, match='is not the folder of a fit'):
        find_model(fitted.path)
    fitted.labels('train').parent.mkdir()
    fitted.labels('train').touch()
    with pytest.raises(FileNotFoundError, match=r'holds no model\.pth yet'):
        find_model(fitted.path)
