# WAN: unobserved labels are negatives of weight 1 / (K - 1).
head = dict(loss=dict(type='mmwsml.WeakAssumeNegative'))
