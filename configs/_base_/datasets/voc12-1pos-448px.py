_base_ = './protocol-1pos.py'

# Pascal VOC 2012, 20 classes: 5,717 images to train, 5,823 to test.
num_classes = 20
num_train = 4574  # less a fifth to choose the epoch
kappa = 1.5  # expected number of positives of an image
voc12 = dict(
    type='mmwsml.VOCMultiLabel',
    data_root='{{$MMWSML_DATA:data}}/VOCdevkit/VOC2012',
)
data_preprocessor = dict(num_classes=num_classes)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **voc12)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **voc12)))
test_dataloader = dict(dataset=dict(split='val', **voc12))
