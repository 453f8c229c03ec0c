_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# CSRA's head on LL-R: reject another 2 % of the labels every epoch, as LL-R
# does here. One head, and little weight on its attention.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
head = dict(type='mmwsml.PartialLabelCSRAHead', num_heads=1, lam=0.1)
model = dict(neck=None, head=dict(**head, loss=loss))
custom_hooks = [dict(type='mmwsml.LargeLossScheduleHook', delta_rel=2)]
