_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# uPU: an observed positive stands for the hidden ones of its class too.
custom_hooks = [dict(type='mmwsml.PropensityHook')]
