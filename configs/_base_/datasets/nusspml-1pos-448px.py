_base_ = './protocol-1pos.py'

# NUS-WIDE, 81 classes, as Cole et al. could still download it:
# 150,000 images to train, 60,260 to test.
nuswide = dict(
    type='mmwsml.NUSWIDE',
    version='spml',
    data_root='{{$MMWSML_DATA:data}}/nuswide',
)
data_preprocessor = dict(num_classes=81)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
test_dataloader = dict(dataset=dict(split='test', **nuswide))
