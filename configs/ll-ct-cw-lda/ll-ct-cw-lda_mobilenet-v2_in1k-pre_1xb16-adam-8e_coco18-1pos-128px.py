_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-Ct from LDA.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(head=dict(loss=loss))
custom_hooks = [
    dict(type='mmwsml.LinearDiscriminantHook'),
    dict(type='mmwsml.ClassWiseScheduleHook', share=0.5),
]
