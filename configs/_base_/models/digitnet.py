model = dict(
    type='ImageClassifier',
    backbone=dict(type='mmwsml.DigitNet'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=10,
        in_channels=64,
        init_cfg=None,  # PyTorch's own; std 0.01 costs five epochs here
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
