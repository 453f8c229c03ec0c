_base_ = './lsan_resnet50_in1k-pre_1xb16-adam-10e_nusspml-1pos-448px.py'

default_hooks = dict(linear_init=_base_.linear_init)
