# Curriculum: after each epoch label what the network is sure of.
head = dict(
    loss=dict(type='mmwsml.PartialBCE'),
    label_store=dict(type='mmwsml.CurriculumLabels'),
)
full_pass = dict(type='mmwsml.FullPassHook')
