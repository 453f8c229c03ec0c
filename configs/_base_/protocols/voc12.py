_base_ = [
    '../datasets/voc12-1pos-448px.py',
    '../schedules/sgd_10e.py',
    './runtime.py',
]
