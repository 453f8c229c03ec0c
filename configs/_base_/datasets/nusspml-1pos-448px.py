_base_ = './protocol-1pos.py'

# NUS-WIDE, 81 classes, as Cole et al. could still download it:
# 150,000 images to train, 60,260 to test.
num_classes = 81
num_train = 120000  # less a fifth to choose the epoch
kappa = 1.9  # expected number of positives of an image
nuswide = dict(
    type='mmwsml.NUSWIDE',
    version='spml',
    data_root='{{$MMWSML_DATA:data}}/nuswide',
)
data_preprocessor = dict(num_classes=num_classes)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **nuswide)))
test_dataloader = dict(dataset=dict(split='test', **nuswide))
