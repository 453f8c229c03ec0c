_base_ = './adam_10e.py'

# No step is taken: a hook makes the head before training.
train_cfg = dict(_delete_=True, type='mmwsml.ClosedFormLoop', max_epochs=1)
