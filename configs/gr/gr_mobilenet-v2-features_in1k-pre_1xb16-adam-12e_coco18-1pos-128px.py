_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# GR: a robust loss of unobserved labels that changes over the epochs.
loss = dict(type='mmwsml.GeneralizedRobust')
model = dict(head=dict(loss=loss))
