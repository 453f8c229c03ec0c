_base_ = [
    '../_base_/models/digitnet.py',
    '../_base_/datasets/digitscenes-1pos.py',
    '../_base_/schedules/adam_10e.py',
    '../_base_/default_runtime.py',
]

# EM + APL: after each epoch from 5 on, a tenth of 90 % of the unobserved
# labels of each class, those of the lowest scores, are soft negatives. Nothing is
# published for these images: alpha of VOC, beta of NUS-WIDE.
store = dict(type='mmwsml.SoftLabels', begin=5)
loss = dict(type='mmwsml.EntropyMaximization', alpha=0.2, beta=0.2)
model = dict(head=dict(loss=loss, label_store=store))
custom_hooks = [dict(type='mmwsml.FullPassHook')]
optim_wrapper = dict(optimizer=dict(lr=1e-3), paramwise_cfg=None)
train_cfg = dict(max_epochs=15)
