_base_ = [
    '../_base_/models/mobilenet-v2_coco18.py',
    '../_base_/datasets/coco18-1pos-128px.py',
    '../_base_/schedules/adam_8e-coco18.py',
    '../_base_/default_runtime.py',
    '../_base_/methods/ll-ct-cw.py',
]

# LL-Cp, class by class: as LL-Ct, for good.
store = dict(type='mmwsml.LabelMemory')
model = dict(head=dict(_base_.head, label_store=store))
custom_hooks = [_base_.schedule]
