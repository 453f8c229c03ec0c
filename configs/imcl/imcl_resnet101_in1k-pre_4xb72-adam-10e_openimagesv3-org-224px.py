_base_ = [
    '../_base_/models/resnet101.py',
    '../_base_/protocols/openimagesv3.py',
    '../_base_/methods/imcl.py',
]

loss = dict(_base_.head.loss, num_classes=_base_.num_classes)
head = dict(num_classes=_base_.num_classes, loss=loss)
model = dict(head=head)
