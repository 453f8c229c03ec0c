_base_ = [
    '../datasets/voc12-1pos-448px.py',
    '../schedules/sgd_10e.py',
    './runtime.py',
]

# Pascal VOC 2012 as in section 5 of "Large Loss Matters". The learning rate is that of
# the large-loss methods; the baselines take it too: theirs was not published.
