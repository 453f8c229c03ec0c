# LSAN: assume negative, with label smoothing 0.1.
head = dict(loss=dict(type='mmwsml.LabelSmoothingAssumeNegative'))
