_base_ = (
    '../ll-ct/ll-ct_mobilenet-v2_in1k-pre_1xb16-adam-8e_coco18-1pos-128px.py'
)

# LL-Ct, self-tuning: in the last epoch, correct as many as are hidden.
custom_hooks = [dict(type='mmwsml.SelfTuningScheduleHook')]
