# EPR: kappa positives are expected in an image; leaves say how many.
head = dict(loss=dict(type='mmwsml.ExpectedPositiveRegularization'))
