_base_ = './loaders.py'

# What the data sets with artificially hidden labels share: 80 % of the training
# set with one positive label an image, 20 % with complete labels to choose the
# epoch. It names no data set: the files that it is the base of do.

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
# The labels that the paper observed are those of
# dict(type='mmwsml.LoadObservedLabels', ann_file=...) in its place.
hide = dict(type='mmwsml.KeepOnePositive')

test_pipeline = [load, resize, _base_.pack]
image_pipeline = [load, resize, _base_.flip, _base_.pack]
train_pipeline = [hide, *image_pipeline]

test_pipeline_224px = [load, resize_224px, _base_.pack]
image_pipeline_224px = [load, resize_224px, _base_.flip, _base_.pack]
train_pipeline_224px = [hide, *image_pipeline_224px]

train_dataloader = dict(
    dataset=dict(
        type='mmwsml.ValidationSplit',
        part='train',
        dataset=dict(pipeline=train_pipeline),
    )
)
val_dataloader = dict(
    dataset=dict(
        type='mmwsml.ValidationSplit',
        part='val',
        dataset=dict(pipeline=test_pipeline),
    )
)
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
