_base_ = [
    '../datasets/coco14-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]
