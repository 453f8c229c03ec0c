# Class-wise LL-R of a network whose weights are averaged and whose first layers
# stay; after training, multinomial LDA makes the head.
backbone = dict(frozen_stages=3)
head = dict(
    type='mmwsml.MultinomialHead',
    loss=dict(
        type='mmwsml.LargeLossRejection',
        selection=dict(type='mmwsml.ClassWiseSelection'),
    ),
)
schedule = dict(type='mmwsml.ClassWiseScheduleHook')
average = dict(
    type='EMAHook', ema_type='ExponentialMovingAverage', momentum=0.001
)
make_head = dict(type='mmwsml.MultinomialDiscriminantHook')
