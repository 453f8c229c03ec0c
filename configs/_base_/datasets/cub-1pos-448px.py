_base_ = './protocol-1pos.py'

# CUB-200-2011, 312 attributes: 5,994 images to train, 5,794 to test.
cub = dict(type='mmwsml.CUBAttributes', data_root='{{$MMWSML_DATA:data}}/cub')
data_preprocessor = dict(num_classes=312)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **cub)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **cub)))
test_dataloader = dict(dataset=dict(split='test', **cub))
