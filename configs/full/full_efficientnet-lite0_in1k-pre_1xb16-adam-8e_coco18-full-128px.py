_base_ = [
    '../_base_/models/efficientnet-lite0_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# Full labels: the upper bound.
model = dict(head=dict(labels='complete', loss=dict(type='mmwsml.FullLabel')))
train_dataloader = dict(dataset=dict(pipeline={{_base_.image_pipeline}}))
