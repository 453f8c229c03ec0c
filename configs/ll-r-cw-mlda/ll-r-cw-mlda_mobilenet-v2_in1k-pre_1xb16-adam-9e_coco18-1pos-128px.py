_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-crop-128px.py',
    '../_base_/schedules/adam-head-again_9e.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-r-cw-mlda.py',
]

model = dict(backbone=_base_.backbone, head=_base_.head)
custom_hooks = [_base_.schedule, _base_.average, _base_.make_head]
