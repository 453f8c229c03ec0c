_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-Ct, ranked by out-of-fold scores of a linear head on features,
# in the folder that MMWSML_SCORES names; docs/methods.md makes them.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(head=dict(loss=loss))
scores = '{{$MMWSML_SCORES:work_dirs/scores}}'
custom_hooks = [
    dict(type='mmwsml.ClassWiseScheduleHook', share=0.5, begin=1, ramp=1),
    dict(type='mmwsml.RankingScoresHook', folder=scores),
]
optim_wrapper = dict(optimizer=dict(lr=1e-4))
train_cfg = dict(max_epochs=8)
