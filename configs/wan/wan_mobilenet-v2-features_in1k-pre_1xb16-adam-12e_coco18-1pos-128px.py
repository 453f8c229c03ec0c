_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# WAN: unobserved labels are negatives of weight 1 / (K - 1).
loss = dict(type='mmwsml.WeakAssumeNegative')
model = dict(head=dict(loss=loss))
