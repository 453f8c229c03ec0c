_base_ = './cub-1pos-448px.py'

test_pipeline = _base_.test_pipeline_224px
image_pipeline = _base_.image_pipeline_224px
train_pipeline = _base_.train_pipeline_224px
train_dataloader = dict(dataset=dict(dataset=dict(pipeline=train_pipeline)))
val_dataloader = dict(dataset=dict(dataset=dict(pipeline=test_pipeline)))
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
