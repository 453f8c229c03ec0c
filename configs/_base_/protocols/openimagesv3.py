_base_ = [
    '../datasets/openimagesv3-org-224px.py',
    '../schedules/adam_10e.py',
    '../default_runtime.py',
]

# Open Images V3, 288 images on 4 GPUs. Learning rate, number of epochs and
# delta_rel were not published; these are ours, not tuned: COCO's rate times
# the square root of 288 / 16, ten epochs, and a delta_rel of 0.01 %, with which
# LL-R and LL-Ct modify 4.5 labels an image in the last epoch (LL-Cp: half of it).
optim_wrapper = dict(optimizer=dict(lr=4e-5))
auto_scale_lr = dict(base_batch_size=288)
