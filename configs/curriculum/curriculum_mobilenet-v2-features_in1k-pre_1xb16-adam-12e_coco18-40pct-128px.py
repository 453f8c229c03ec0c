_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# Curriculum: after each epoch label what the network is sure of.
loss = dict(type='mmwsml.PartialBCE')
store = dict(type='mmwsml.CurriculumLabels')
model = dict(head=dict(loss=loss, label_store=store))
custom_hooks = [dict(type='mmwsml.FullPassHook')]
train_pipeline = [
    dict(type='mmwsml.KeepKnownFraction', fraction=0.4, num_classes=18),
    *_base_.image_pipeline,
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
