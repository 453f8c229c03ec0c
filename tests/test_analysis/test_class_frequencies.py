import numpy as np
import pytest

from mmwsml.analysis.class_frequencies import class_frequencies, say_hidden
from mmwsml.evaluation import write_predictions
from mmwsml.evaluation.frequency_file import read_shares


@pytest.fixture
def write(random_predictions, tmp_path):
    """Write images of four classes, of which some labels are known."""

    def write(shown=0.5, complete=0, one_label=False, number=200):
        shape = number, 4
        part = random_predictions(seed=0, split='val', shape=shape)
        rng = np.random.default_rng(0)
        truth = rng.random(shape) < [0.5, 0.3, 0.1, 0]
        scores = np.float32(0.5 * truth + 0.5 * rng.random(shape))
        seen = truth & (rng.random(shape) < shown)
        if one_label:
            seen &= seen.cumsum(1) == 1
        observed = seen.copy()
        observed[:complete] = True
        target = truth & observed
        part = part._replace(scores=scores, target=target, observed=observed)
        path = str(tmp_path / 'val.npz')
        write_predictions(path, part)
        return truth, part, path

    return write


def test_the_table_holds_what_hooks_read(write, tmp_path):
    truth, part, path = write()
    text = class_frequencies(path)
    shares = read_shares(tmp_path / 'class_frequencies.csv', part.classes)
    assert shares[:2] == pytest.approx(truth.mean(0)[:2], abs=0.1)
    assert np.isnan(shares[3])
    assert 'kappa = ' in text and 'observed at random' in text
    assert 'cannot be told without a positive: label 50 images' in text
    with pytest.raises(FileExistsError):
        class_frequencies(path)
    assert class_frequencies(path, force=True) == text


def test_few_positives_give_an_interval_alone(write):
    _, part, path = write(shown=0.2)
    count = part.target.sum(0)[2]
    assert 0 < count < 10
    (line,) = (x for x in class_frequencies(path).splitlines() if 'fewer' in x)
    assert f': {count} observed, ' in line and '(' not in line


def test_one_label_an_image_is_said_to_tell_too_little(write):
    text = class_frequencies(write(one_label=True)[2])
    assert 'No image shows more than one label' in text
    assert 'No image shows' not in class_frequencies(write()[2], force=True)


def test_the_first_class_of_a_list_is_said_to_be_a_choice(write):
    _, part, path = write(one_label=True, shown=1, number=1000)
    chosen = 'The labels look chosen by their class'
    assert chosen in class_frequencies(path) and chosen in say_hidden(part)
    _, part, path = write(number=1000)
    assert chosen not in class_frequencies(path, force=True)
    assert chosen not in say_hidden(part)


def test_complete_labels_are_counted_where_there_are_enough(write):
    _, part, path = write(complete=60)
    text = class_frequencies(path)
    assert 'estimated from 60 images with complete labels' in text
    assert f'kappa = {part.target[:60].sum() / 60:.2f}' in text
    text = class_frequencies(write(complete=20)[2], force=True)
    assert 'estimated from scores' in text


def test_no_positive_at_all_is_refused(write):
    with pytest.raises(ValueError, match='none of 200 images has an observed'):
        class_frequencies(write(shown=0)[2])


def test_a_report_gets_it_in_a_sentence(write):
    _, part, _ = write()
    text = say_hidden(part)
    assert text.startswith(f'{part.target.sum()} positives are observed; all')
    assert 'interval' in text and 'observed at random within' in text
    counted = say_hidden(write(complete=60)[1])
    assert 'from 60 images with complete labels.' in counted
    assert 'observed at random' not in counted
    assert say_hidden(part._replace(observed=None)) == ''
    assert say_hidden(part._replace(target=part.target & False)) == ''


def test_a_wide_interval_is_said_to_be_a_guess(write):
    _, part, path = write(shown=0.3)
    rng = np.random.default_rng(0)
    scores = rng.random(part.scores.shape).astype(np.float32)
    write_predictions(path, part._replace(scores=scores))
    assert 'little more than a guess' in class_frequencies(path)
