_base_ = './an_mobilenet-v2_in1k-pre_1xb16-adam-8e_coco18-1pos-128px.py'

# LinearInit: the head alone in the first epoch.
custom_hooks = [dict(type='mmwsml.LinearInitHook', num_epochs=1)]
