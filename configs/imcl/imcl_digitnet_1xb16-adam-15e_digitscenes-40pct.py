_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# IMCL: labels follow from those of similar images and similar classes.
loss = dict(type='mmwsml.InteractiveMultiLabel', num_classes=10)
model = dict(head=dict(loss=loss))
train_pipeline = [
    dict(type='mmwsml.KeepKnownFraction', fraction=0.4, num_classes=10),
    *_base_.image_pipeline,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
