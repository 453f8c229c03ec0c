model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='SwinTransformer',
        arch='tiny',
        img_size=224,  # others work too
        drop_path_rate=0.2,
        pad_small_map=True,  # below 224 px the last map is below a window
        # ImageNet weights of MMPretrain.
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmclassification/v0/'
            'swin-transformer/'
            'swin_tiny_224_b16x64_300e_imagenet_20210616_090925-66df6be6.pth',
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
