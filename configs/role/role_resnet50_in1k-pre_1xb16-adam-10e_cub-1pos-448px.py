_base_ = [
    '../_base_/models/resnet50_official.py',
    '../_base_/protocols/cub.py',
    '../_base_/methods/role.py',
]

loss = dict(_base_.head.loss, kappa=_base_.kappa)
store = dict(_base_.head.label_store, num_images=_base_.num_train)
head = dict(num_classes=_base_.num_classes, loss=loss, label_store=store)
model = dict(head=head)
custom_keys = {'label_store': dict(lr_mult=10)}
optim_wrapper = dict(paramwise_cfg=dict(custom_keys=custom_keys))
