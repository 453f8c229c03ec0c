_base_ = [
    '../_base_/models/efficientnet-lite0_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# LL-R: reject another 2 % of the labels every epoch.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
model = dict(head=dict(loss=loss))
custom_hooks = [dict(type='mmwsml.LargeLossScheduleHook', delta_rel=2)]
