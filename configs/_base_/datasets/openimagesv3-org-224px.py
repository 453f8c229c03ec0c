_base_ = './loaders.py'

# Open Images V3: 5,000 classes, of which an image has a few known labels, in
# training and in evaluation; tools/dataset_converters/openimages.py prepares
# the folder.
num_classes = 5000
data_root = '{{$MMWSML_DATA:data}}/openimages_v3'
for_all = dict(type='mmwsml.OpenImages', data_root=data_root)
data_preprocessor = dict(num_classes=num_classes)

resize = dict(type='Resize', scale=(224, 224))
test_pipeline = [_base_.load, resize, _base_.pack]
train_pipeline = [_base_.load, resize, _base_.flip, _base_.pack]

size = dict(batch_size=72, num_workers=8)  # on each of 4 GPUs: 288
train_dataloader = dict(
    size, dataset=dict(for_all, split='train', pipeline=train_pipeline)
)
val_dataloader = dict(
    size, dataset=dict(for_all, split='validation', pipeline=test_pipeline)
)
test_dataloader = dict(
    size, dataset=dict(for_all, split='test', pipeline=test_pipeline)
)
# Over the observed labels only: `neg_label` says which these are. G1 to G5 are
# the classes from the rarest to the most frequent in training. As published, a
# class observed with positives alone counts 100.
val_evaluator = dict(
    groups=5,
    counts_file=f'{data_root}/arrays_v1/train/class_counts.csv',
    positives_only='one',
)
test_evaluator = val_evaluator
