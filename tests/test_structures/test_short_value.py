from mmwsml.structures.short_value import cut_text, short_value


def test_a_small_value_is_written_as_python_does():
    assert short_value([1, 'a\n', None]) == "[1, 'a\\n', None]"
    assert cut_text('a' * 600) == 'a' * 600


def test_a_large_or_deep_value_becomes_short():
    deep = []
    for _ in range(5000):
        deep = [deep]
    for value in ('x' * 10**6, list(range(10**5)), deep, 10**4000):
        assert len(short_value(value)) < 400
    assert cut_text('a' + 'x' * 1000 + 'b') == f'a{"x" * 399} ... {"x" * 199}b'
