_base_ = './adam_8e-coco18.py'

# From a head that fits already, at a rate that does not undo it.
optim_wrapper = dict(optimizer=dict(lr=1e-5))
