# IMCL: labels follow from those of similar images and similar classes.
head = dict(loss=dict(type='mmwsml.InteractiveMultiLabel'))
