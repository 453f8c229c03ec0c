# LL-Ct: take another delta_rel % of the labels as positive every epoch from the
# second.
head = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
)
schedule = dict(type='mmwsml.LargeLossScheduleHook', begin=2)
