# What the loaders of all data sets share: a data set gives `dataset` to each.
data_preprocessor = dict(
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True,
)
load = dict(type='mmwsml.LoadImage')
flip = dict(type='RandomFlip', prob=0.5, direction='horizontal')
pack = dict(type='mmwsml.PackPartialLabels')

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=False,  # a resumed run must seed its workers alike
    worker_init_fn=dict(type='mmwsml.seed_worker'),
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=True),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=False,  # MMPretrain's tools would, without any worker
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
)
test_dataloader = val_dataloader
val_evaluator = dict(type='mmwsml.MeanAveragePrecision')
test_evaluator = val_evaluator
