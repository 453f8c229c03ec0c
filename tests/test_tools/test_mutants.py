"""The tool that finds out what the tests do not notice."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKS = Path(__file__).parents[2] / 'tools' / 'checks'
SOURCE = '''"""Not this 1, nor the type or the message below."""


def f(x: "1 < 2", low: int = 3) -> bool:
    """Nor this 2 < 3."""
    if x is None:
        return False
    if not x < low:
        raise ValueError(f'{x + 1} is not below {low}.' + str(1 + 2))
    x.sort()
    x.copy()[0] = min(x) - 0.5
    return x and True
'''
#: The statement, what becomes of it.
MUTANTS = [
    ("def f(x: '1 < 2', low: int=3)", "def f(x: '1 < 2', low: int=4)"),
    ('if x is None:', 'if x is not None:'),
    ('return False', 'pass'),
    ('return False', 'return True'),
    ('if not x < low:', 'if x < low:'),
    ('if not x < low:', 'if not x <= low:'),
    ('x.sort()', 'pass'),
    ('x.copy()[0] = min(x) - 0.5', 'pass'),
    ('x.copy()[0] = min(x) - 0.5', 'x[0] = min(x) - 0.5'),
    ('x.copy()[0] = min(x) - 0.5', 'x.copy()[1] = min(x) - 0.5'),
    ('x.copy()[0] = min(x) - 0.5', 'x.copy()[0] = max(x) - 0.5'),
    ('x.copy()[0] = min(x) - 0.5', 'x.copy()[0] = min(x) + 0.5'),
    ('x.copy()[0] = min(x) - 0.5', 'x.copy()[0] = min(x) - 1.0'),
    ('return x and True', 'return x or True'),
    ('return x and True', 'return x and False'),
]


@pytest.fixture
def checks(monkeypatch):
    """Import the modules of the tool, as its own folder does."""
    monkeypatch.syspath_prepend(CHECKS)
    import mutations
    import plan

    return mutations, plan


def test_each_mutant_differs_in_one_place_of_the_code(checks):
    mutants = checks[0].list_mutants('a.py', SOURCE)
    found = [(m.before, m.after) for m in mutants]
    assert set(MUTANTS) <= set(found)
    assert not [pair for pair in found if pair[0] == pair[1]]
    assert {m.function for m in mutants} == {'f'}
    lines = SOURCE.splitlines()
    for mutant in mutants:
        statement = mutant.before.split('(')[0].split(' =')[0]
        assert lines[mutant.line - 1].strip().startswith(statement)


def test_messages_annotations_and_docstrings_stay(checks, tmp_path):
    path = tmp_path / 'a.py'
    path.write_text(SOURCE)
    for mutant in checks[0].list_mutants('a.py', SOURCE):
        names = {}
        exec(mutant.compile(str(path)), names)
        types = {'x': '1 < 2', 'low': int, 'return': bool}
        assert names['f'].__annotations__ == types
        assert names['f'].__doc__ == 'Nor this 2 < 3.'


def test_a_draw_is_of_a_seed_and_takes_files_in_turn(checks):
    mutations, plan = checks
    mutants = mutations.list_mutants('a.py', SOURCE)
    mutants += mutations.list_mutants('b.py', 'x = 1 + 2\n')
    drawn = plan.draw(mutants, 6, seed=1)
    assert drawn == plan.draw(mutants, 6, seed=1) != plan.draw(mutants, 6, 2)
    assert [m.file for m in drawn[:4]].count('b.py') == 2
    assert len(set(drawn)) == 6


def test_equivalent_mutants_are_read_with_their_reason(checks, tmp_path):
    path = tmp_path / 'equivalent.txt'
    path.write_text('# Why.\nm/a.py f.g\n- x = 1\n+ x = 2\n+ x = 0\n')
    keys = [('m/a.py', 'f.g', 'x = 1', after) for after in ('x = 2', 'x = 0')]
    assert checks[1].read_equivalent(path) == keys
    path.write_text('m/a.py f.g\n- x = 1\n+ x = 2\n')
    with pytest.raises(ValueError, match=r'no reason for m/a\.py f\.g'):
        checks[1].read_equivalent(path)


def test_listed_mutants_are_mutants(checks):
    mutations, plan = checks
    root = CHECKS.parents[1]
    listed = set(plan.read_equivalent(CHECKS / 'equivalent_mutants.txt'))
    for file in {key[0] for key in listed}:
        source = (root / file).read_text()
        listed -= {m.key for m in mutations.list_mutants(file, source)}
    assert not listed


def test_tests_are_those_of_the_file_and_of_several(checks, tmp_path):
    plan = checks[1]
    for name in ('p/a/b.py', 'p/a/c.py', 'p/a/d.py', 'p/a/e.py'):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('')
    (tmp_path / 'p/a/d.py').write_text('def named():\n    pass\n')
    folder = tmp_path / 'tests' / 'test_a'
    folder.mkdir(parents=True)
    for name in ('b', 'c', 'all'):
        (folder / f'test_{name}.py').write_text('named()\n' * (name == 'c'))

    def find(file):
        return [Path(name).name for name in plan.find_tests(tmp_path, file)]

    assert find('p/a/b.py') == ['test_b.py', 'test_all.py']
    assert find('p/a/d.py') == ['test_all.py', 'test_c.py']
    assert find('p/a/e.py') == ['test_all.py', 'test_b.py', 'test_c.py']
    (tmp_path / 'p/f.py').write_text('')
    with pytest.raises(
        FileNotFoundError, match=r'No test file mirrors p/f.py'
    ):
        find('p/f.py')


@pytest.mark.parametrize(
    'verdict, listed, status, said',
    [
        ('killed', '', 0, '2 killed, 0 ran out of time, 0 survived; 0 more'),
        ('timeout', '', 0, '0 killed, 2 ran out of time, 0 survived; 0 more'),
        ('survived', '', 1, 'm/a.py:1\n- x = 1\n+ x = 2\n'),
        ('killed', '- x = 1\n+ x = 2\n', 0, '1 killed, 0 ran out of time, 0'),
        ('killed', '- x = 1\n+ x = 3\n', 1, 'lists what is no mutant any'),
    ],
)
def test_fails_where_any_survives_or_is_listed_in_vain(
    checks, verdict, listed, status, said, tmp_path, monkeypatch, capsys
):
    import mutants

    class Verdicts:
        def __init__(self, root, tests, mutants):
            self.num = len(mutants)

        def run(self):
            return [verdict] * self.num

    (tmp_path / 'm').mkdir()
    (tmp_path / 'm' / 'a.py').write_text('x = 1\n')
    (tmp_path / 'equivalent.txt').write_text(
        '# Why.\nm/b.py\n- x = 1\n+ x = 2\n'  # of a file not asked about
        + (f'\n# Why.\nm/a.py\n{listed}' if listed else '')
    )
    monkeypatch.setattr(mutants, 'ROOT', tmp_path)
    monkeypatch.setattr(mutants, 'EQUIVALENT', tmp_path / 'equivalent.txt')
    monkeypatch.setattr(mutants, 'Trials', Verdicts)
    monkeypatch.setattr(mutants, 'find_tests', lambda *_: ())
    monkeypatch.setattr(mutants, 'warm_up', lambda: None)
    monkeypatch.setattr(sys, 'argv', ['mutants.py', '--files', 'm/a.py'])
    with pytest.raises(SystemExit) as stopped:
        mutants.main()
    assert stopped.value.code == status
    assert said in capsys.readouterr().out


TRY = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from mutations import list_mutants
from trials import Trials

if __name__ == '__main__':
    file = 'small/a/b.py'
    mutants = list_mutants(file, Path(file).read_text())
    tests = {file: ['tests/test_a/test_b.py']}
    verdicts = Trials(Path.cwd(), tests, mutants).run()
    for mutant, verdict in zip(mutants, verdicts):
        print(mutant.after, verdict, sep=': ')
"""
SMALL = """
LIMIT = 3


def lower(x, step=1):
    if x > 0:
        x = x - step
    return x < LIMIT
"""
TEST = """
from small.a import b


def test_lower():
    assert b.lower(3) and b.LIMIT >= 3
"""


#: The second, which is the quicker, passes after the first only.
ORDERED = """
seen = []


def test_slow():
    seen.append(sum(range(10**7)))


def test_quick():
    assert seen
"""


def try_out(folder, test):
    """Try the mutants of SMALL on a test file."""
    for name, text in (('small/a/b', SMALL), ('tests/test_a/test_b', test)):
        path = folder / f'{name}.py'
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return subprocess.run(
        [sys.executable, '-c', TRY, str(CHECKS)],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_what_no_test_notices_survives(tmp_path):
    done = try_out(tmp_path, TEST)
    assert done.stdout.splitlines() == [
        'LIMIT = 4: survived',
        'LIMIT = 2: killed',
        'def lower(x, step=2): survived',
        'def lower(x, step=0): killed',
        'if x >= 0:: survived',
        'if x > 1:: survived',
        'if x > -1:: survived',
        'x = x + step: killed',
        'return x <= LIMIT: survived',
    ], done.stdout + done.stderr


def test_tests_that_need_their_order_are_refused(tmp_path):
    done = try_out(tmp_path, ORDERED)
    assert done.stdout == ''
    assert 'did not pass without any mutant' in done.stderr


@pytest.mark.parametrize(
    'status, verdict',
    [(0, 'survived'), (1, 'killed'), (2, 'killed'), (5, 'survived')],
)
def test_no_test_at_all_is_none_that_fails(checks, status, verdict):
    import forks

    assert forks.wait(forks.fork(lambda: status)) == verdict
