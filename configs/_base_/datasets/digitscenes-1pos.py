# DigitScenes, made on first use; training sees one positive label an image.
data_preprocessor = dict(
    num_classes=10, mean=[63.75] * 3, std=[63.75] * 3, to_rgb=True
)
image_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='mmwsml.PackPartialLabels'),
]
train_pipeline = [dict(type='mmwsml.KeepOnePositive'), *image_pipeline]

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=False,  # a resumed run must seed its workers alike
    worker_init_fn=dict(type='mmwsml.seed_worker'),
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='mmwsml.DigitScenes', split='train', pipeline=train_pipeline
    ),
)
val_dataloader = dict(
    batch_size=100,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='mmwsml.DigitScenes', split='val', pipeline=image_pipeline
    ),
)
test_dataloader = dict(
    batch_size=100,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='mmwsml.DigitScenes', split='test', pipeline=image_pipeline
    ),
)
val_evaluator = dict(type='mmwsml.MeanAveragePrecision')
test_evaluator = val_evaluator
