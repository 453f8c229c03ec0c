_base_ = '../default_runtime.py'

# What the columns of the table of "Large Loss Matters" share. The learning rate
# of a data set is that of its large-loss methods; the baselines take it too, as
# theirs was not published.

# Training stops when the best epoch is more than 3 points above the current.
early_stop = dict(type='mmwsml.StopBelowBestHook', margin=3)
default_hooks = dict(early_stop=early_stop)

# For the leaves of LinearInit: "the first epoch(s)" train the head alone. How
# many, and their learning rate, were not published: one, at the rate of the
# others. (Cole et al.: 25 epochs on extracted features, then 10 of all layers.)
linear_init = dict(type='mmwsml.LinearInitHook', num_epochs=1)
