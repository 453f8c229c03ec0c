_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# Full labels: the upper bound.
model = dict(head=dict(labels='complete', loss=dict(type='mmwsml.FullLabel')))
train_dataloader = dict(dataset=dict(pipeline={{_base_.image_pipeline}}))
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
