_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-R from LDA.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
)
model = dict(head=dict(loss=loss))
custom_hooks = [
    dict(type='mmwsml.LinearDiscriminantHook'),
    dict(type='mmwsml.ClassWiseScheduleHook'),
]
