_base_ = [
    '../_base_/models/resnet50_official.py',
    '../_base_/protocols/nusspml.py',
    '../_base_/methods/wan.py',
]

model = dict(head=dict(_base_.head, num_classes=_base_.num_classes))
