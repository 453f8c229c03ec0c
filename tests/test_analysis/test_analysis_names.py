from mmwsml.analysis.analysis_names import ANALYSIS_NAMES
from mmwsml.analysis.insights import analyses


def test_every_analysis_has_its_name():
    assert tuple(analyses.ANALYSES) == ANALYSIS_NAMES
    assert len(analyses._ALL) == len(ANALYSIS_NAMES)
    for name, function in analyses.ANALYSES.items():
        assert name.split('-')[0] in function.__name__
