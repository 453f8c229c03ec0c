_base_ = './coco18-1pos-128px.py'

# The images of coco18 as features that tools/extract_features.py has written;
# MMWSML_FEATURES names another folder above them.
features = '{{$MMWSML_FEATURES:work_dirs/features}}/coco18'
data_preprocessor = dict(_delete_=True, num_classes=18)

test_pipeline = [
    dict(type='mmwsml.LoadFeatures', folder=features),
    dict(type='mmwsml.PackPartialLabels'),
]
image_pipeline = test_pipeline
train_pipeline = [dict(type='mmwsml.KeepOnePositive'), *image_pipeline]

train_dataloader = dict(
    num_workers=0,
    collate_fn=dict(type='mmwsml.collate_batch'),
    dataset=dict(pipeline=train_pipeline),
)
val_dataloader = dict(
    batch_size=256, num_workers=0, dataset=dict(pipeline=test_pipeline)
)
test_dataloader = dict(
    batch_size=256, num_workers=0, dataset=dict(pipeline=test_pipeline)
)
