_base_ = './adam_10e.py'

# SGD instead, for Pascal VOC.
optimizer = dict(type='SGD', lr=5e-3, momentum=0.9, weight_decay=1e-3)
optim_wrapper = dict(optimizer=dict(_delete_=True, **optimizer))
