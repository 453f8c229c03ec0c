"""Kill processes at each writing operation: ``tools/checks/kills.py``.

A small training dies at the n-th writing operation below its work dir and is
resumed; what it leaves then must be what a run leaves that was not killed:
weights, optimizer, label store, records, best file and scalars, bit for bit.
A tool that dies so leaves its whole output or none (case ``tools``).
Every n of every case takes six minutes of one core; --number draws some::

    nice python tools/checks/kills.py
    python tools/checks/kills.py --number 20 --seed 0 --cases ll-cp
"""

import argparse
import random
import runpy
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Callable, List

import torch
from dying.processes import prepare, run
from dying.tools import list_commands, load, write_answers
from dying.trainings import (
    CASES,
    ROOT,
    find_difference,
    make_data,
    read,
    train,
    write_config,
)

TOOLS = 'tools'
#: Whose run the tools read.
LIKE = {TOOLS: 'll-cp'}


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add('--cases', nargs='+', choices=[*CASES, TOOLS], default=[*CASES, TOOLS])
    add('--number', type=int, help='kills of each case; all by default')
    add('--seed', type=int, default=0, help='of the draw')
    add('--at', type=int, nargs='+', help='these operations')
    add('--folder', type=Path, help='work in it and keep what fails')
    return parser.parse_args()


def main() -> None:
    """Kill, resume and compare."""
    args = parse_args()
    torch.set_num_threads(1)
    tool = runpy.run_path(str(ROOT / 'tools' / 'train.py'))['main']
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        folder = args.folder or Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        failed, data = 0, make_data(folder / 'data')
        for case in args.cases:
            kill = kill_tools if case == TOOLS else kill_training
            config = write_config(LIKE.get(case, case), folder, data)
            failed += kill(config, tool, args)
    sys.exit(failed > 0)


def kill_training(
    config: Path, tool: Callable[[], None], args: argparse.Namespace
) -> int:
    """Kill a training at many operations; return how many ended otherwise."""
    case, folder = config.stem, config.parent
    log, whole = folder / f'{case}.log', folder / f'{case}-whole'
    shutil.rmtree(whole, ignore_errors=True)
    done = run(train(tool, config, whole), whole, log)
    expected = read(whole)
    failed, points = 0, draw(len(done), args)
    for count, last in enumerate(points, 1):
        work_dir = folder / f'{case}-{last}'
        shutil.rmtree(work_dir, ignore_errors=True)
        action = train(tool, config, work_dir)
        try:
            run(action, work_dir, log, last)
            run(action, work_dir, log)
            difference = find_difference(expected, read(work_dir))
        except Exception as error:
            difference = str(error)
        if difference:
            failed += 1
            print(f'{case}, killed at {last} ({done[last - 1]}): {difference}')
        else:
            shutil.rmtree(work_dir)
        if count % 25 == 0 or count == len(points):
            print(
                f'{case}: killed at {count} of {len(done)} operations, '
                f'{failed} ended otherwise than the run that was not killed',
                flush=True,
            )
    return failed


def kill_tools(
    config: Path, tool: Callable[[], None], args: argparse.Namespace
) -> int:
    """Kill tools that write a file; return how many left half of one."""
    folder = config.parent
    log, whole = folder / 'tools.log', folder / 'tools-whole'
    outputs = folder / 'outputs'
    for path in (whole, outputs):
        shutil.rmtree(path, ignore_errors=True)
    outputs.mkdir()
    run(train(tool, config, whole), whole, log)
    data, answers = folder / 'data' / 'v1' / 'few', folder / 'answers.csv'
    failed = 0
    commands = list_commands(whole, config, data, answers)
    for name, command in commands.items():
        out = outputs / name
        action = load(command, out)
        done = run(action, outputs, log)
        expected = out.read_bytes()
        if name == 'list.csv':
            write_answers(out, answers)
        points, halves = draw(len(done), args), 0
        for last in points:
            out.unlink(missing_ok=True)
            run(action, outputs, log, last)
            halves += out.exists() and out.read_bytes() != expected
        print(
            f'{command[0]}: killed at {len(points)} of {len(done)} '
            f'operations, {halves} left half a file'
        )
        failed += halves
    return failed


def draw(count: int, args: argparse.Namespace) -> List[int]:
    """Draw the operations at which to die, in any order."""
    points = list(range(1, count + 1))
    random.Random(args.seed).shuffle(points)
    return args.at or points[: args.number]


if __name__ == '__main__':
    main()
