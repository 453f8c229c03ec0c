# Class-wise LL-Ct: take half of the estimated hidden positives of each class as
# positive, and the other unobserved labels as weak negatives.
head = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.ClassWiseSelection'),
        unobserved_weight=0.2,
    )
)
schedule = dict(type='mmwsml.ClassWiseScheduleHook', share=0.5)
