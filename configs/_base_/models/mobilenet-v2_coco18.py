_base_ = './mobilenet-v2.py'

# The ImageNet backbone that comes with the data, and its 18 classes.
weights = (
    '{{$MMWSML_DATA:data}}/weights/mobilenetv2_imagenet_backbone_fp16.pth'
)
model = dict(
    # A few thousand photographs do not renew the statistics of ImageNet.
    backbone=dict(init_cfg=dict(checkpoint=weights), norm_eval=True),
    head=dict(num_classes=18),
)
