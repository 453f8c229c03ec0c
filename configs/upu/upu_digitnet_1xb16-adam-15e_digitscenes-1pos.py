_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# uPU: an observed positive stands for the hidden ones of its class too.
custom_hooks = [dict(type='mmwsml.PropensityHook')]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
