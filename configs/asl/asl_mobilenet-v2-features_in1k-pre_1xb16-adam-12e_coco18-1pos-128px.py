_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# ASL, with its authors' gradient; unobserved labels count as negative.
loss = dict(type='mmwsml.Asymmetric', focus_gradient=False)
model = dict(head=dict(loss=loss))
