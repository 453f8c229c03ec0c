_base_ = './resnet50.py'

weights = dict(checkpoint='torchvision://resnet101')  # IMAGENET1K_V1
model = dict(backbone=dict(depth=101, init_cfg=weights))
