_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# MIME's rule: after each epoch from 2 on, what scores above 0.95 is positive.
store = dict(type='mmwsml.ThresholdMemory')
loss = dict(type='mmwsml.AssumeNegative')
model = dict(head=dict(loss=loss, label_store=store))
custom_hooks = [dict(type='mmwsml.FullPassHook')]
