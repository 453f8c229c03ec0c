_base_ = './coco18-1pos-128px.py'

# Training sees parts of the images.
crop = dict(type='RandomResizedCrop', scale=128, crop_ratio_range=(0.6, 1.0))
image_pipeline = [_base_.load, crop, _base_.flip, _base_.pack]
train_pipeline = [dict(type='mmwsml.KeepOnePositive'), *image_pipeline]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
