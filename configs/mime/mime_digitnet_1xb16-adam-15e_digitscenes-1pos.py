_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# MIME's rule: after each epoch from 2 on, what scores above 0.95 is positive.
store = dict(type='mmwsml.ThresholdMemory')
loss = dict(type='mmwsml.AssumeNegative')
model = dict(head=dict(loss=loss, label_store=store))
custom_hooks = [dict(type='mmwsml.FullPassHook')]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
