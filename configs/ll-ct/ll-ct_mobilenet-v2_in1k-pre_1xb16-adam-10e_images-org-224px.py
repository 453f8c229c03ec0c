_base_ = [
    '../_base_/models/mobilenet-v2.py',
    '../_base_/datasets/images-org-224px.py',
    '../_base_/schedules/adam_10e-images.py',
    '../_base_/default_runtime.py',
]

# LL-Ct: take another 0.2 % of the labels as positive every epoch.
loss = dict(type='mmwsml.LargeLossCorrection')
model = dict(backbone=dict(norm_eval=True), head=dict(loss=loss))
custom_hooks = [dict(type='mmwsml.LargeLossScheduleHook', delta_rel=0.2)]
