_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# ROLE: estimate all labels of the 4,000 scenes, ten times as fast as the
# network learns; kappa is explained in configs/epr.
loss = dict(type='mmwsml.RegularizedOnlineLabelEstimation', kappa=2.26)
store = dict(type='mmwsml.LabelEstimates', num_images=4000)
model = dict(head=dict(loss=loss, label_store=store))
optim_wrapper = dict(
    optimizer=dict(lr=1e-3),
    paramwise_cfg=dict(
        _delete_=True, custom_keys={'label_store': dict(lr_mult=10)}
    ),
)
train_cfg = dict(max_epochs=15)
