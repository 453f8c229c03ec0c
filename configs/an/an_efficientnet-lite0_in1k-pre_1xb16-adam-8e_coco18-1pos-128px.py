_base_ = [
    '../_base_/models/efficientnet-lite0_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# AN: every unobserved label counts as negative.
