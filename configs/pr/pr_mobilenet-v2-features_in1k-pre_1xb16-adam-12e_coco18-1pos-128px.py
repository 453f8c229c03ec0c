_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# PR: rank the observed positive above all other labels.
loss = dict(type='mmwsml.PairwiseRanking')
model = dict(head=dict(loss=loss))
