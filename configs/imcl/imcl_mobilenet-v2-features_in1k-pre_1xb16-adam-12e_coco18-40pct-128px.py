_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# IMCL: labels follow from those of similar images and similar classes.
loss = dict(type='mmwsml.InteractiveMultiLabel', num_classes=18)
model = dict(head=dict(loss=loss))
train_pipeline = [
    dict(type='mmwsml.KeepKnownFraction', fraction=0.4, num_classes=18),
    *_base_.image_pipeline,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
