_base_ = [
    '../_base_/models/resnet101.py',
    '../_base_/protocols/openimagesv3.py',
    '../_base_/methods/iu.py',
]

model = dict(head=dict(_base_.head, num_classes=_base_.num_classes))
