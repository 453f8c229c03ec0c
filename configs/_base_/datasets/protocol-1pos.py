# What the data sets with artificially hidden labels share: 80 % of the training
# set with one positive label an image, 20 % with complete labels to choose the
# epoch. It names no data set: the files that it is the base of do.
data_preprocessor = dict(
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    to_rgb=True,
)

# Pillow reads and resizes, as in the paper's code: unlike cv2 it smooths what
# it makes smaller, and images are not turned as their EXIF data say.
pillow = dict(backend='pillow', interpolation='bilinear')
load = dict(
    type='mmwsml.LoadImage',
    imdecode_backend='pillow',
    color_type='color_ignore_orientation',
)
resize = dict(type='Resize', scale=(448, 448), **pillow)
resize_224px = dict(type='Resize', scale=(224, 224), **pillow)
flip = dict(type='RandomFlip', prob=0.5, direction='horizontal')
pack = dict(type='mmwsml.PackPartialLabels')
# The labels that the paper observed are those of
# dict(type='mmwsml.LoadObservedLabels', ann_file=...) in its place.
hide = dict(type='mmwsml.KeepOnePositive')

test_pipeline = [load, resize, pack]
image_pipeline = [load, resize, flip, pack]
train_pipeline = [hide, *image_pipeline]

test_pipeline_224px = [load, resize_224px, pack]
image_pipeline_224px = [load, resize_224px, flip, pack]
train_pipeline_224px = [hide, *image_pipeline_224px]

train_dataloader = dict(
    batch_size=16,
    num_workers=2,
    persistent_workers=False,  # a resumed run must seed its workers alike
    worker_init_fn=dict(type='mmwsml.seed_worker'),
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='mmwsml.ValidationSplit',
        part='train',
        dataset=dict(pipeline=train_pipeline),
    ),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='mmwsml.ValidationSplit',
        part='val',
        dataset=dict(pipeline=test_pipeline),
    ),
)
test_dataloader = dict(
    batch_size=16,
    num_workers=2,
    collate_fn=dict(type='default_collate'),
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(pipeline=test_pipeline),
)
val_evaluator = dict(type='mmwsml.MeanAveragePrecision')
test_evaluator = val_evaluator
