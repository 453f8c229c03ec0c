_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/closed-form.py',
    '../_base_/default_runtime.py',
]

# Multinomial LDA: the classes compete for the observed label.
custom_hooks = [dict(type='mmwsml.MultinomialDiscriminantHook')]
model = dict(head=dict(type='mmwsml.MultinomialHead'))
