# AN: every unobserved label counts as negative.
head = dict(loss=dict(type='mmwsml.AssumeNegative'))
