_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# P-ASL: leave the most likely unobserved label of an image out, instead of the
# published five: there are 18 classes.
loss = dict(type='mmwsml.PartialAsymmetric', num_likely=1)
model = dict(head=dict(loss=loss))
