_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# LL-R, class by class, from a head that is the linear discriminant.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
)
model = dict(head=dict(loss=loss))
custom_hooks = [
    dict(type='mmwsml.LinearDiscriminantHook'),
    dict(type='mmwsml.ClassWiseScheduleHook'),
]
