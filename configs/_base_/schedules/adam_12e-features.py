_base_ = './adam_10e.py'

# A linear head on features, in seconds an epoch. The head learns at ten times
# this rate; docs/features.md compares others.
optim_wrapper = dict(optimizer=dict(lr=3e-5))
train_cfg = dict(max_epochs=12)
