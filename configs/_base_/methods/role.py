# ROLE: estimate all labels of all training images. Leaves give kappa, the
# number of images, and the estimates ten times the learning rate.
head = dict(
    loss=dict(type='mmwsml.RegularizedOnlineLabelEstimation'),
    label_store=dict(type='mmwsml.LabelEstimates'),
)
