model = dict(
    type='ImageClassifier',
    backbone=dict(type='mmwsml.DigitNet'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=10,
        in_channels=64,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
