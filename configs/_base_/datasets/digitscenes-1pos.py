_base_ = './loaders.py'

# DigitScenes, made on first use; training sees one positive label an image.
data_preprocessor = dict(
    num_classes=10, mean=[63.75] * 3, std=[63.75] * 3, to_rgb=True
)
image_pipeline = [_base_.load, _base_.pack]
train_pipeline = [dict(type='mmwsml.KeepOnePositive'), *image_pipeline]
digits = dict(type='mmwsml.DigitScenes', pipeline=image_pipeline)

train_dataloader = dict(
    dataset=dict(digits, split='train', pipeline=train_pipeline)
)
val_dataloader = dict(batch_size=100, dataset=dict(digits, split='val'))
test_dataloader = dict(batch_size=100, dataset=dict(digits, split='test'))
