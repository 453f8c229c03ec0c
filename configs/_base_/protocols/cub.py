_base_ = [
    '../datasets/cub-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]

optim_wrapper = dict(optimizer=dict(lr=7.5e-5))
