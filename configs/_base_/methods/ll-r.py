# LL-R: reject another delta_rel % of the labels every epoch from the second.
head = dict(
    loss=dict(
        type='mmwsml.LargeLossRejection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    )
)
schedule = dict(type='mmwsml.LargeLossScheduleHook', begin=2)
