_base_ = './adam_10e.py'

# For a linear head on features: epochs take seconds, so there are more.
train_cfg = dict(max_epochs=20)
