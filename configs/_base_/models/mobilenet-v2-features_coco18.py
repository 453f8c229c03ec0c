# A linear head on the pooled features of MobileNetV2, computed once.
model = dict(
    type='ImageClassifier',
    backbone=dict(type='mmwsml.PrecomputedFeatures', flat=True),
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=18,
        in_channels=1280,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
