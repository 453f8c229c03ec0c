_base_ = './protocol-1pos.py'

# NUS-WIDE, 81 classes, the lists of its authors: 161,789 images to
# train, 107,859 to test.
nuswide = dict(
    type='mmwsml.NUSWIDE',
    version='official',
    data_root='{{$MMWSML_DATA:data}}/nuswide',
)
data_preprocessor = dict(num_classes=81)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
test_dataloader = dict(dataset=dict(split='test', **nuswide))
