# Open Images V3: 5,000 classes, of which an image has a few known labels, in
# training and in evaluation; tools/dataset_converters/openimages.py prepares
# the folder.
num_classes = 5000
dataset_type = 'mmwsml.OpenImages'
data_root = '{{$MMWSML_DATA:data}}/openimages_v3'

data_preprocessor = dict(
    num_classes=num_classes,
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True,
)

test_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='Resize', scale=(224, 224)),
    dict(type='mmwsml.PackPartialLabels'),
]
train_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='Resize', scale=(224, 224)),
    dict(type='RandomFlip', prob=0.5, direction='horizontal'),
    dict(type='mmwsml.PackPartialLabels'),
]

train_dataloader = dict(
    batch_size=72,  # on each of 4 GPUs: 288
    num_workers=8,
    persistent_workers=False,  # a resumed run must seed its workers alike
    worker_init_fn=dict(type='mmwsml.seed_worker'),
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        split='train',
        data_root=data_root,
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=72,
    num_workers=8,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        split='validation',
        data_root=data_root,
        pipeline=test_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=72,
    num_workers=8,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        split='test',
        data_root=data_root,
        pipeline=test_pipeline,
    ),
)
# Over the observed labels only: `neg_label` says which these are. G1 to G5 are
# the classes from the rarest to the most frequent in training. As published, a
# class observed with positives alone counts 100.
val_evaluator = dict(
    type='mmwsml.MeanAveragePrecision',
    groups=5,
    counts_file=f'{data_root}/arrays_v1/train/class_counts.csv',
    positives_only='one',
)
test_evaluator = val_evaluator
