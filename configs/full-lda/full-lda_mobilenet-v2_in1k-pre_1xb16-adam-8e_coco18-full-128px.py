_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# Full labels from LDA: the upper bound of training that begins so.
model = dict(head=dict(labels='complete', loss=dict(type='mmwsml.FullLabel')))
custom_hooks = [dict(type='mmwsml.LinearDiscriminantHook')]
train_dataloader = dict(dataset=dict(pipeline={{_base_.image_pipeline}}))
