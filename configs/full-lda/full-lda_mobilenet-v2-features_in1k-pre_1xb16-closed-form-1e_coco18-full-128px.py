_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/closed-form.py',
    '../_base_/default_runtime.py',
]

# LDA of full labels: the upper bound of the head in closed form.
custom_hooks = [dict(type='mmwsml.LinearDiscriminantHook')]
model = dict(head=dict(labels='complete', loss=dict(type='mmwsml.FullLabel')))
train_dataloader = dict(dataset=dict(pipeline={{_base_.image_pipeline}}))
