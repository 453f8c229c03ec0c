# The head reads the class token. Maps of places, for class-activation maps and
# BoostLU: `backbone.out_type='featmap'` under a GlobalAveragePooling neck.
model = dict(
    type='ImageClassifier',
    backbone=dict(
        type='VisionTransformer',
        arch='b',
        img_size=224,  # for others the position embedding is resized
        patch_size=16,
        drop_rate=0.1,
        # ImageNet weights of MMPretrain.
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmclassification/v0/'
            'vit/finetune/'
            'vit-base-p16_in21k-pre-3rdparty_ft-64xb64_in1k-384_20210928-98e8652b.pth',
            prefix='backbone',
        ),
    ),
    neck=None,
    head=dict(
        type='mmwsml.PartialLabelHead',
        num_classes=20,
        in_channels=768,
        loss=dict(type='mmwsml.AssumeNegative'),
    ),
)
