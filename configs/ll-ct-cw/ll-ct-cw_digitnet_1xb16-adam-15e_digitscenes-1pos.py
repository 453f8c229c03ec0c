_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-Ct: take half of the estimated hidden positives as positive.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(head=dict(loss=loss))
custom_hooks = [dict(type='mmwsml.ClassWiseScheduleHook', share=0.5, begin=4)]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
