_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# EM: maximise the entropy of unobserved labels; alpha is that of COCO.
loss = dict(type='mmwsml.EntropyMaximization', alpha=0.1)
model = dict(head=dict(loss=loss))
