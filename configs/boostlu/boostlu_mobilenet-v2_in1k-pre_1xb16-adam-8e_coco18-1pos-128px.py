_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# BoostLU on LL-R: positive activations times 5; reject another 2 % of the
# labels every epoch, as LL-R does here.
loss = dict(
    type='mmwsml.LargeLossRejection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
head = dict(type='mmwsml.BoostLUHead', alpha=5.0, loss=loss)
model = dict(neck=None, head=head)
custom_hooks = [dict(type='mmwsml.LargeLossScheduleHook', delta_rel=2)]
