_base_ = './role_resnet50_in1k-pre_1xb16-adam-10e_cub-1pos-448px.py'

default_hooks = dict(linear_init=_base_.linear_init)
