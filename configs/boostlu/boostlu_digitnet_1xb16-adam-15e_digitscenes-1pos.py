_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# BoostLU on LL-R: positive activations times 5; reject another 1 % of the
# labels every epoch.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
head = dict(type='mmwsml.BoostLUHead', alpha=5.0, loss=loss)
model = dict(neck=None, head=head)
custom_hooks = [dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1)]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
