_base_ = './loaders.py'

# 6,000 COCO photographs, 18 classes, below the folder that the environment
# variable MMWSML_DATA names; training sees one positive label an image.
for_all = dict(
    type='mmwsml.PartialLabelDataset',
    data_root='{{$MMWSML_DATA:data}}/coco18',
    data_prefix='images',
    labels='complete',
    namespace='coco18',
)
data_preprocessor = dict(num_classes=18)

resize = dict(type='Resize', scale=(128, 128))
test_pipeline = [_base_.load, resize, _base_.pack]
image_pipeline = [_base_.load, resize, _base_.flip, _base_.pack]
train_pipeline = [dict(type='mmwsml.KeepOnePositive'), *image_pipeline]

train_dataloader = dict(
    dataset=dict(for_all, ann_file='train.json', pipeline=train_pipeline)
)
val_dataloader = dict(
    batch_size=64,
    dataset=dict(for_all, ann_file='val.json', pipeline=test_pipeline),
)
test_dataloader = dict(
    batch_size=64,
    dataset=dict(for_all, ann_file='test.json', pipeline=test_pipeline),
)
