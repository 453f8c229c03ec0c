_base_ = [
    '../datasets/nusspml-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]
