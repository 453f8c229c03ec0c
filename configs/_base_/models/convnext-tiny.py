model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='ConvNeXt',
        arch='tiny',
        drop_path_rate=0.1,
        # Normalise every place, then average: a map for the neck and for
        # class-activation maps.
        gap_before_final_norm=False,
        # ImageNet weights of MMPretrain.
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmclassification/v0/'
            'convnext/'
            'convnext-tiny_32xb128_in1k_20221207-998cf3e9.pth',
            prefix='backbone',
        ),
    ),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=20,
        in_channels=768,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
