_base_ = './coco18-1pos-crop-128px.py'

# Four fifths of the validation images, whose labels are complete, are trained
# on, too; the last fifth chooses.
complete = dict(
    _base_.for_all,
    ann_file='val.json',
    pipeline=[
        dict(type='mmwsml.KeepKnownFraction', fraction=1.0, num_classes=18),
        *_base_.image_pipeline,
    ],
)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='ConcatDataset',
        datasets=[
            dict(
                _base_.for_all,
                ann_file='train.json',
                pipeline=_base_.train_pipeline,
            ),
            dict(type='mmwsml.ValidationSplit', part='train', dataset=complete),
        ],
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='mmwsml.ValidationSplit',
        part='val',
        dataset=dict(
            _base_.for_all,
            ann_file='val.json',
            pipeline=_base_.test_pipeline,
        ),
    )
)
