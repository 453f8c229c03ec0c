_base_ = './adam_10e.py'

# A linear head on features, in seconds an epoch; the rate of the head, ten
# times that, was chosen on the validation labels with complete labels.
optim_wrapper = dict(optimizer=dict(lr=3e-5))
train_cfg = dict(max_epochs=12)
