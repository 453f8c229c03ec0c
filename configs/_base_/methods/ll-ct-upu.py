# Class-wise LL-Ct over uPU: the surest quarter of the hidden positives of each
# class is taken as positive; the observed ones stand for all that are hidden,
# so that a corrected label counts twice.
head = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.ClassWiseSelection'),
    )
)
schedule = dict(type='mmwsml.ClassWiseScheduleHook', share=0.25)
propensity = dict(type='mmwsml.PropensityHook')
