_base_ = [
    '../datasets/cub-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]

# CUB-200-2011 as in section 5 of "Large Loss Matters". The learning rate is that of
# the large-loss methods; the baselines take it too: theirs was not published.
optim_wrapper = dict(optimizer=dict(lr=7.5e-5))
