"""The analyses of a run, by name, in their order."""

ANALYSIS_NAMES = (
    'curves',
    'highest-losses',
    'modifications',
    'timelines',
    'histograms',
    'gains',
)
