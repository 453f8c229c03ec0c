_base_ = [
    '../_base_/models/resnet50_official.py',
    '../_base_/protocols/voc12.py',
    '../_base_/methods/full.py',
]

model = dict(head=dict(_base_.head, num_classes=_base_.num_classes))
complete = dict(pipeline=_base_.image_pipeline)
train_dataloader = dict(dataset=dict(dataset=complete))
