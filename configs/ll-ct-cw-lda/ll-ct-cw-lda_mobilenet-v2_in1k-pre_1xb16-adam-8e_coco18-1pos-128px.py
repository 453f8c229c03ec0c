_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-lda.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-Ct from LDA; the head fits batch norms that stay as they are.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(backbone=dict(norm_eval=True), head=dict(loss=loss))
custom_hooks = [
    dict(type='mmwsml.LinearDiscriminantHook'),
    dict(type='mmwsml.ClassWiseScheduleHook', share=0.5),
]
