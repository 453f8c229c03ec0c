"""Work dirs of runs that no training made, and a reader of pages."""

import base64
import json
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
import torch

from mmwsml.analysis.report import ReportOptions, write_report
from mmwsml.evaluation.predictions import Predictions, write_predictions
from mmwsml.records import RecordedImages, Recorder, RecordWriter
from mmwsml.structures import GlobalBatch

EVIL = '<img src=x onerror="alert(1)">'
CLASSES = ('cat', EVIL, '</script><b>"emu"&', '=1+1')
NAMES = [f'set/{n}.png' for n in range(12)]


class Page(HTMLParser):
    """What a page holds, and whether its elements are nested well."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        self.tags, self.ids, self.data, self.open = [], [], {}, []
        self.words = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if 'id' in attrs:
            self.ids.append(attrs['id'])
        if tag not in ('br', 'img', 'input', 'meta'):
            self.open.append((tag, attrs))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, text):
        tag, attrs = self.open[-1] if self.open else ('', {})
        if attrs.get('type') == 'application/json':
            self.data[attrs['id']] = json.loads(text)
        elif tag not in ('script', 'style'):
            self.words.append(text)

    @property
    def sentences(self):
        """All that stands on the page, in one line."""
        return ' '.join(''.join(self.words).split())

    def figures(self):
        """Return the sources of all SVG pictures."""
        head = 'data:image/svg+xml;base64,'
        return [
            base64.b64decode(attrs['src'][len(head) :]).decode()
            for tag, attrs in self.tags
            if tag == 'img' and attrs['src'].startswith(head)
        ]


@pytest.fixture(scope='session')
def read_page():
    return Page


@pytest.fixture(scope='module')
def no_figures():
    """Leave the drawing out, which takes most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        place = 'mmwsml.analysis.report.parts._draw_svg'
        patch.setattr(place, lambda figure: b'<svg/>')
        yield


@pytest.fixture
def make_run(tmp_path):
    return run_maker(tmp_path)


def run_maker(tmp_path):
    """Write a work dir with log, records and pictures."""

    def make(name='run', classes=CLASSES, truth=True, modifies=True):
        run = tmp_path / name
        images = _images(len(classes), truth)
        info = dict(classes=[*classes], method='LL-X', num_epochs=3)
        writer = RecordWriter(run, images, info)
        writer.start(1)
        recorder = Recorder(images, writer, True)
        for epoch in (1, 2, 3):
            torch.manual_seed(epoch)
            logits = torch.randn(len(NAMES), len(classes))
            marks = logits > (1 if modifies else 99)
            recorder.add(GlobalBatch(NAMES), logits, marks)
            recorder.finish(epoch)
        _write_log(run / '20260101_000000/vis_data')
        for sample_id in NAMES:
            path = tmp_path / 'images' / sample_id.partition('/')[2]
            path.parent.mkdir(exist_ok=True)
            cv2.imwrite(str(path), np.full((300, 200, 3), 128, np.uint8))
        return run

    return make


def _images(num_classes, truth):
    entries = [
        (
            sample_id,
            [n % num_classes],
            [],
            [n % num_classes, (n + 1) % num_classes] if truth else None,
        )
        for n, sample_id in enumerate(NAMES)
    ]
    return RecordedImages.collect(entries, num_classes)


def _write_log(folder):
    folder.mkdir(parents=True)
    lines = [
        dict(loss=0.5, epoch=1, step=1),
        dict(loss=0.3, epoch=1, step=2),
        {'multi-label/mAP': 40.0, 'step': 1},
        dict(loss=0.2, epoch=2, step=3),
        {'multi-label/mAP': 30.0, 'step': 2},
    ]
    text = '\n'.join(map(json.dumps, lines))
    (folder / 'scalars.json').write_text(f'{text}\n{{"loss": 0.')


@pytest.fixture(scope='session')
def write_scores():
    """Write a result file to where a report looks for it."""

    def write(run, seed=0, classes=CLASSES):
        shape = 23, len(classes)
        target = np.random.default_rng(9).random(shape) < 0.4
        scores = np.random.default_rng(seed).random(shape, np.float32)
        names = [f'set/t{n}.png' for n in range(23)]
        found = Predictions(
            scores, target, None, names, names, classes, 'test'
        )
        write_predictions(str(run / 'report/test.npz'), found)

    return write


@pytest.fixture(scope='module')
def page_of_two_runs(no_figures, tmp_path_factory, write_scores):
    """Write two runs with scores and pictures, and their page."""
    folder = tmp_path_factory.mktemp('two')
    runs = [run_maker(folder)(name) for name in ('one', 'two')]
    for seed, run in enumerate(runs):
        write_scores(run, seed)
    options = ReportOptions(data_root=str(folder / 'images'))
    return write_report(list(map(str, runs)), folder / 'a.html', options)
