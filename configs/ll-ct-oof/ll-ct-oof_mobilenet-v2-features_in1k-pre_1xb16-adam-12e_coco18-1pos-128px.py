_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# Class-wise LL-Ct, ranked by the scores of models that have not seen the image,
# which tools/out_of_fold.py writes into the folder that MMWSML_SCORES names.
model = dict(head=_base_.head)
scores = '{{$MMWSML_SCORES:work_dirs/scores}}'
custom_hooks = [
    dict(_base_.schedule, begin=1, ramp=1),
    dict(type='mmwsml.RankingScoresHook', folder=scores),
]
