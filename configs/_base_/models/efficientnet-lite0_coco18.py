_base_ = './efficientnet-lite0.py'

model = dict(
    # A few thousand photographs do not renew the statistics of ImageNet.
    backbone=dict(norm_eval=True),
    head=dict(num_classes=18),
)
