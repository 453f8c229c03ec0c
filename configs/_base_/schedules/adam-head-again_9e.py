_base_ = './adam_10e.py'

# Eight epochs at a rate that falls from four times the constant one to 0, the
# weights averaged; in the ninth no step is taken, and the head is made again.
optim_wrapper = dict(
    optimizer=dict(lr=4e-5),
    # What complete labels say of a class is not learned by steps.
    paramwise_cfg=dict(custom_keys={'head.direct': dict(lr_mult=0)}),
)
param_scheduler = dict(
    type='CosineAnnealingLR',
    T_max=8,
    end=8,
    convert_to_iter_based=True,
)
train_cfg = dict(_delete_=True, type='mmwsml.HeadMadeAgainLoop', max_epochs=9)
