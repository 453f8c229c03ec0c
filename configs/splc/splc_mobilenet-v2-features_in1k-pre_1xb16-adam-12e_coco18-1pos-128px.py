_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# SPLC: unobserved labels with p > 0.6 are positive from the second epoch on.
loss = dict(type='mmwsml.SelfPacedCorrection')
model = dict(head=dict(loss=loss))
