_base_ = [
    '../_base_/models/resnet18.py',
    '../_base_/datasets/images-org-224px.py',
    '../_base_/schedules/adam_10e-images.py',
    '../_base_/default_runtime.py',
]

# AN: every unobserved label counts as negative.
model = dict(backbone=dict(norm_eval=True))
