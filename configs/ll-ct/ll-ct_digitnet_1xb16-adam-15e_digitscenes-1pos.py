_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# LL-Ct: take another 1 % of the labels as positive every epoch.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
model = dict(head=dict(loss=loss))
custom_hooks = [
    dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1, begin=4)
]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
