_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# LL-Ct, class by class: take half of the hidden positives as positive, and
# the other unobserved labels as weak negatives.
model = dict(head=_base_.head)
custom_hooks = [_base_.schedule]
