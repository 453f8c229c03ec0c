_base_ = './adam_10e.py'

train_cfg = dict(max_epochs=8)
