_base_ = './protocol-1pos.py'

# Pascal VOC 2012, 20 classes: 5,717 images to train, 5,823 to test.
voc12 = dict(
    type='mmwsml.VOCMultiLabel',
    data_root='{{$MMWSML_DATA:data}}/VOCdevkit/VOC2012',
)
data_preprocessor = dict(num_classes=20)
train_dataloader = dict(dataset=dict(dataset=dict(split='train', **voc12)))
val_dataloader = dict(dataset=dict(dataset=dict(split='train', **voc12)))
test_dataloader = dict(dataset=dict(split='val', **voc12))
