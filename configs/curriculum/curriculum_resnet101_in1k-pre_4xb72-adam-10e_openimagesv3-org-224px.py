_base_ = [
    '../_base_/models/resnet101.py',
    '../_base_/protocols/openimagesv3.py',
    '../_base_/methods/curriculum.py',
]

model = dict(head=dict(_base_.head, num_classes=_base_.num_classes))
# The labels take 17 GB on each process: 3.4 million images x 5,000 classes.
custom_hooks = [_base_.full_pass]
