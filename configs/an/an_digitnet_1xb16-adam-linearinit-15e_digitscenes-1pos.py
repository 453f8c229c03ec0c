_base_ = './an_digitnet_1xb16-adam-15e_digitscenes-1pos.py'

# LinearInit: the head alone in the first epoch.
custom_hooks = [dict(type='mmwsml.LinearInitHook', num_epochs=1)]
