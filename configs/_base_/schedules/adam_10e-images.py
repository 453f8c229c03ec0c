_base_ = './adam_10e.py'

# For some 2,500 images of one's own and a pre-trained backbone, by the rule
# of mmwsml/recipe/defaults.py: with 300 images a rate of 1e-4 and 20 epochs,
# with 4,800 and more 1e-5 and 8.
optim_wrapper = dict(optimizer=dict(lr=2e-5))
