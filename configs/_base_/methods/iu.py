# IU: learn from observed labels alone.
head = dict(loss=dict(type='mmwsml.IgnoreUnobserved'))
