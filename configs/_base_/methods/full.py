# Full labels: the upper bound. Leaves do not hide labels.
head = dict(labels='complete', loss=dict(type='mmwsml.FullLabel'))
