# Adam at a constant rate, no weight decay; the head learns ten times as fast.
optim_wrapper = dict(
    optimizer=dict(type='Adam', lr=1e-5),
    paramwise_cfg=dict(custom_keys={'head': dict(lr_mult=10)}),
)
train_cfg = dict(by_epoch=True, max_epochs=10, val_interval=1)
val_cfg = dict()
test_cfg = dict()
auto_scale_lr = dict(base_batch_size=16)
