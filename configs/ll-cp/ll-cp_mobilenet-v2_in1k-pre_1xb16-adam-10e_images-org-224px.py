_base_ = [
    '../_base_/models/mobilenet-v2.py',
    '../_base_/datasets/images-org-224px.py',
    '../_base_/schedules/adam_10e-images.py',
    '../_base_/default_runtime.py',
]

# LL-Cp: take 0.2 % of the labels as positive, for good.
loss = dict(type='mmwsml.LargeLossCorrection')
head = dict(loss=loss, label_store=dict(type='mmwsml.LabelMemory'))
model = dict(backbone=dict(norm_eval=True), head=head)
custom_hooks = [
    dict(
        type='mmwsml.LargeLossScheduleHook', delta_rel=0.2, schedule='constant'
    )
]
