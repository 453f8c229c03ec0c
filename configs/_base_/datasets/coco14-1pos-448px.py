_base_ = './protocol-1pos.py'

# COCO 2014, 80 classes: 82,081 images to train, 40,137 to test.
num_classes = 80
num_train = 65665  # less a fifth to choose the epoch
kappa = 2.9  # expected number of positives of an image
coco14 = dict(
    type='mmwsml.COCOMultiLabel', data_root='{{$MMWSML_DATA:data}}/coco'
)
official_train = dict(
    ann_file='annotations/instances_train2014.json',
    data_prefix='train2014',
    **coco14,
)
official_test = dict(
    ann_file='annotations/instances_val2014.json',
    data_prefix='val2014',
    **coco14,
)
data_preprocessor = dict(num_classes=num_classes)
train_dataloader = dict(dataset=dict(dataset=official_train))
val_dataloader = dict(dataset=dict(dataset=official_train))
test_dataloader = dict(dataset=official_test)
