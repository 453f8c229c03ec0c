_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# Class-wise LL-Cp: half of the estimated hidden positives, for good.
store = dict(type='mmwsml.LabelMemory')
model = dict(head=dict(_base_.head, label_store=store))
custom_hooks = [dict(_base_.schedule, begin=6)]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
