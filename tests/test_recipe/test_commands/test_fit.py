from mmwsml.__main__ import make_parser
from mmwsml.recipe import fit as module
from mmwsml.recipe.request import Request


def test_the_command_line_becomes_a_request(monkeypatch):
    asked = []
    monkeypatch.setattr(module, 'run_fit', asked.append)
    words = 'fit labels.csv images --out out --rest unknown --size 64 --budget'
    args = make_parser().parse_args([*words.split(), '5', '--group', 'none'])
    args.run(args)
    (request,) = asked
    expected = Request('labels.csv', 'images', 'out', budget=5.0, size=64)
    assert request.read.rest == 'unknown'
    assert request.is_ungrouped and request.groups is None
    assert request == type(request)(**{**vars(expected), 'read': request.read})
