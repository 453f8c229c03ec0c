_base_ = './protocol-1pos.py'

# CUB-200-2011, 312 attributes: 5,994 images to train, 5,794 to test.
num_classes = 312
num_train = 4795  # less a fifth to choose the epoch
kappa = 31.4  # expected number of positives of an image
cub = dict(type='mmwsml.CUBAttributes', data_root='{{$MMWSML_DATA:data}}/cub')
data_preprocessor = dict(num_classes=num_classes)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **cub)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **cub)))
test_dataloader = dict(dataset=dict(split='test', **cub))
