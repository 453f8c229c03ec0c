_base_ = '../ll-cp/ll-cp_digitnet_1xb16-adam-15e_digitscenes-1pos.py'

# LL-Cp, self-tuning: correct as many as are hidden, for good.
custom_hooks = [
    dict(type='mmwsml.SelfTuningScheduleHook', begin=6, schedule='constant')
]
