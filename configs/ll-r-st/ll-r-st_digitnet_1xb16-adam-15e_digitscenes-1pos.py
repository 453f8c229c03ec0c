_base_ = '../ll-r/ll-r_digitnet_1xb16-adam-15e_digitscenes-1pos.py'

# LL-R, self-tuning: in the last epoch, reject as many as are hidden.
custom_hooks = [dict(type='mmwsml.SelfTuningScheduleHook')]
