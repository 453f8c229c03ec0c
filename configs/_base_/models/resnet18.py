model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='ResNet',
        depth=18,
        # ImageNet weights of torchvision (IMAGENET1K_V1), as in the paper.
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet18'),
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=20,
        in_channels=512,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
