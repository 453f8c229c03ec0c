model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='ResNet',
        depth=50,
        # ImageNet weights of torchvision (IMAGENET1K_V1), as in the paper.
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50'),
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=20,
        in_channels=2048,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
