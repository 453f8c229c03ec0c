_base_ = [
    '../_base_/models/resnet50_official.py',
    '../_base_/protocols/coco14.py',
    '../_base_/methods/epr.py',
]

loss = dict(_base_.head.loss, kappa=_base_.kappa)
head = dict(num_classes=_base_.num_classes, loss=loss)
model = dict(head=head)
