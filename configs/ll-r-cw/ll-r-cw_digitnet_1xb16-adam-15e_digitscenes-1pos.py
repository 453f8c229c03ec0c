_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-R: reject as many labels of a class as are estimated hidden.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
)
model = dict(head=dict(loss=loss))
custom_hooks = [dict(type='mmwsml.ClassWiseScheduleHook', begin=4)]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
