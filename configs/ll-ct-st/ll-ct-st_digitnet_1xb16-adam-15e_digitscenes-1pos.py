_base_ = '../ll-ct/ll-ct_digitnet_1xb16-adam-15e_digitscenes-1pos.py'

# LL-Ct, self-tuning: in the last epoch, correct as many as are hidden.
custom_hooks = [dict(type='mmwsml.SelfTuningScheduleHook', begin=4)]
