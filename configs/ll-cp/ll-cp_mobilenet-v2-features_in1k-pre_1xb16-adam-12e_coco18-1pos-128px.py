_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# LL-Cp: take 0.5 % of the labels as positive, for good.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
)
model = dict(head=dict(loss=loss, label_store=dict(type='mmwsml.LabelMemory')))
hook = dict(type='mmwsml.LargeLossScheduleHook', schedule='constant')
custom_hooks = [dict(hook, delta_rel=0.5)]
