_base_ = [
    '../_base_/models/efficientnet-lite0_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
]

# LL-Cp: take 1 % of the labels as positive, for good.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
model = dict(head=dict(loss=loss, label_store=dict(type='mmwsml.LabelMemory')))
custom_hooks = [
    dict(type='mmwsml.LargeLossScheduleHook', delta_rel=1, schedule='constant')
]
