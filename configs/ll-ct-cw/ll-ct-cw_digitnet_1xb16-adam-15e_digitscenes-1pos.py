_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# Class-wise LL-Ct: take half of the estimated hidden positives as positive.
model = dict(head=_base_.head)
custom_hooks = [dict(_base_.schedule, begin=4)]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
