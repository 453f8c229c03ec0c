_base_ = './adam_10e.py'

# For a linear head on features, which learns at ten times this rate; epochs
# take seconds, so there are more.
optim_wrapper = dict(optimizer=dict(lr=3e-5))
train_cfg = dict(max_epochs=20)
