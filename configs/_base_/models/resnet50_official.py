_base_ = './resnet50.py'

# The last layer begins as PyTorch's own does, as in the paper's code.
model = dict(head=dict(init_cfg=None))
