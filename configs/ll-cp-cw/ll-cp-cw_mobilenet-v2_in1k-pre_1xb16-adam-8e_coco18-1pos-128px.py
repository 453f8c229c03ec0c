_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# LL-Cp, class by class: as LL-Ct, for good.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(head=dict(loss=loss, label_store=dict(type='mmwsml.LabelMemory')))
custom_hooks = [dict(type='mmwsml.ClassWiseScheduleHook', share=0.5)]
optim_wrapper = dict(optimizer=dict(lr=1e-4))
train_cfg = dict(max_epochs=8)
