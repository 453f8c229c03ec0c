_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# EM + APL, with the alpha, beta and begin of COCO.
store = dict(type='mmwsml.SoftLabels', begin=5)
loss = dict(type='mmwsml.EntropyMaximization', alpha=0.1, beta=0.9)
model = dict(head=dict(loss=loss, label_store=store))
custom_hooks = [dict(type='mmwsml.FullPassHook')]
