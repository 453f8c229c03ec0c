# Your own images: a folder with train.json, val.json, test.json and images/.
# Training reads the labels as they are, partial; validation and test labels
# are complete. Set data_root for each of the three from the command line.
dataset_type = 'mmwsml.PartialLabelDataset'
data_root = 'data/images'
namespace = 'images'

data_preprocessor = dict(
    num_classes=20,
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True,
)

test_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='Resize', scale=(224, 224)),
    dict(type='mmwsml.PackPartialLabels'),
]
image_pipeline = [
    dict(type='mmwsml.LoadImage'),
    dict(type='Resize', scale=(224, 224)),
    dict(type='RandomFlip', prob=0.5, direction='horizontal'),
    dict(type='mmwsml.PackPartialLabels'),
]

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=False,  # a resumed run must seed its workers alike
    worker_init_fn=dict(type='mmwsml.seed_worker'),
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_prefix='images',
        ann_file='train.json',
        labels='partial',
        namespace=namespace,
        pipeline=image_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=64,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_prefix='images',
        ann_file='val.json',
        labels='complete',
        namespace=namespace,
        pipeline=test_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=64,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_prefix='images',
        ann_file='test.json',
        labels='complete',
        namespace=namespace,
        pipeline=test_pipeline,
    ),
)
val_evaluator = dict(type='mmwsml.MeanAveragePrecision')
test_evaluator = val_evaluator
