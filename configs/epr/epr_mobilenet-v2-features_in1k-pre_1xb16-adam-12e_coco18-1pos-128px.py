_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# EPR: the 4,800 photographs have 2.56 of the 18 classes in the mean.
loss = dict(type='mmwsml.ExpectedPositiveRegularization', kappa=2.56)
model = dict(head=dict(loss=loss))
