_base_ = './loaders.py'

# Your own images: a folder with train.json, val.json, test.json and images/.
# Training reads the labels as they are, partial; validation and test labels
# are complete. Set data_root for each of the three from the command line.
for_all = dict(
    type='mmwsml.PartialLabelDataset',
    data_root='data/images',
    data_prefix='images',
    namespace='images',
)
data_preprocessor = dict(num_classes=20)

resize = dict(type='Resize', scale=(224, 224))
test_pipeline = [_base_.load, resize, _base_.pack]
image_pipeline = [_base_.load, resize, _base_.flip, _base_.pack]

for_test = dict(for_all, labels='complete', pipeline=test_pipeline)
train_dataloader = dict(
    dataset=dict(
        for_all,
        ann_file='train.json',
        labels='partial',
        pipeline=image_pipeline,
    )
)
val_dataloader = dict(
    batch_size=64, dataset=dict(for_test, ann_file='val.json')
)
test_dataloader = dict(
    batch_size=64, dataset=dict(for_test, ann_file='test.json')
)
