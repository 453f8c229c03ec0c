_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# LSAN: assume negative, with label smoothing 0.1.
loss = dict(type='mmwsml.LabelSmoothingAssumeNegative')
model = dict(head=dict(loss=loss))
