_base_ = [
    '../_base_/models/mobilenet-v2-features_coco18.py',
    '../_base_/datasets/coco18-1pos-features.py',
    '../_base_/schedules/adam_12e-features.py',
    '../_base_/default_runtime.py',
]

# ROLE: estimate all labels of the 4,800 photographs, ten times as fast as the
# head learns; kappa as in configs/epr.
loss = dict(type='mmwsml.RegularizedOnlineLabelEstimation', kappa=2.56)
store = dict(type='mmwsml.LabelEstimates', num_images=4800)
model = dict(head=dict(loss=loss, label_store=store))
optim_wrapper = dict(
    paramwise_cfg=dict(custom_keys={'label_store': dict(lr_mult=100)})
)
