# What every run shares. `mmwsml` is imported for its parts to be found, also
# by the tools of MMPretrain.
custom_imports = dict(imports=['mmwsml'], allow_failed_imports=False)
default_scope = 'mmpretrain'

default_hooks = dict(
    runtime_info=dict(type='mmwsml.LateRuntimeInfoHook'),
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=100),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='mmwsml.WholeCheckpointHook',
        interval=1,
        max_keep_ckpts=2,
        save_best='multi-label/mAP',
        rule='greater',
    ),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    visualization=dict(type='VisualizationHook', enable=False),
    preflight=dict(type='mmwsml.PreflightHook'),
    batch_statistics=dict(type='mmwsml.BatchStatisticsHook'),
    epoch_seed=dict(type='mmwsml.EpochSeedHook'),
    progress=dict(type='mmwsml.ProgressHook'),
    label_store=dict(type='mmwsml.LabelStoreHook'),
    plain_checkpoint=dict(type='mmwsml.PlainCheckpointHook'),
    resumed_validation=dict(type='mmwsml.ResumedValidationHook'),
)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)

vis_backends = [dict(type='LocalVisBackend')]
visualizer = dict(type='UniversalVisualizer', vis_backends=vis_backends)

randomness = dict(seed=0, deterministic=False)
log_level = 'INFO'
load_from = None
resume = False
