_base_ = [
    '../_base_/models/efficientnet-lite0_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/closed-form.py',
    '../_base_/default_runtime.py',
]

# LDA: the head in closed form, from the observed positives.
custom_hooks = [dict(type='mmwsml.LinearDiscriminantHook')]
