_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-upu.py',
]

# Class-wise LL-Ct over uPU.
model = dict(head=_base_.head)
custom_hooks = [_base_.schedule, _base_.propensity]
