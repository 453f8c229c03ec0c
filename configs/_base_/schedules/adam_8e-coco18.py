_base_ = './adam_10e.py'

# Few photographs of a few pixels: a larger rate, fewer epochs.
optim_wrapper = dict(optimizer=dict(lr=1e-4))
train_cfg = dict(max_epochs=8)
