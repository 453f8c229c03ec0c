# ImageNet weights that tools/model_converters/efficientnet_lite0.py writes.
weights = '{{$MMWSML_DATA:data}}/weights/efficientnet-lite0_imagenet.pth'
model = dict(
    type='ImageClassifier',
    # Its own, before that of the data.
    data_preprocessor=dict(
        mean=[127.0, 127.0, 127.0], std=[128.0, 128.0, 128.0], to_rgb=True
    ),
    backbone=dict(
        type='mmwsml.EfficientNetLite0',
        init_cfg=dict(
            type='Pretrained', checkpoint=weights, prefix='backbone'
        ),
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=20,
        in_channels=1280,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
