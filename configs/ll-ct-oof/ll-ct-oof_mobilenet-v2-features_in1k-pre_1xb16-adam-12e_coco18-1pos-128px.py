_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# Class-wise LL-Ct, ranked by the scores of models that have not seen the image,
# which tools/out_of_fold.py writes into the folder that MMWSML_SCORES names.
loss = dict(
    type='mmwsml.LargeLossCorrection',
    selection=dict(type='mmwsml.ClassWiseSelection'),
    unobserved_weight=0.2,
)
model = dict(head=dict(loss=loss))
scores = '{{$MMWSML_SCORES:work_dirs/scores}}'
schedule = dict(type='mmwsml.ClassWiseScheduleHook', share=0.5)
custom_hooks = [
    dict(schedule, begin=1, ramp=1),
    dict(type='mmwsml.RankingScoresHook', folder=scores),
]
