_base_ = './ll-ct.py'

# LL-Cp: take delta_rel % of the labels as positive, for good, from the second
# epoch.
head = dict(label_store=dict(type='mmwsml.LabelMemory'))
schedule = dict(schedule='constant')
