_base_ = [
    '../datasets/coco14-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]

# COCO 2014 as in section 5 of "Large Loss Matters". The learning rate is that of
# the large-loss methods; the baselines take it too: theirs was not published.
