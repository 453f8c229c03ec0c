_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# Class-wise LL-Ct, ranked by out-of-fold scores of a linear head on features,
# in the folder that MMWSML_SCORES names; docs/methods.md makes them.
model = dict(head=_base_.head)
scores = '{{$MMWSML_SCORES:work_dirs/scores}}'
custom_hooks = [
    dict(_base_.schedule, begin=1, ramp=1),
    dict(type='mmwsml.RankingScoresHook', folder=scores),
]
