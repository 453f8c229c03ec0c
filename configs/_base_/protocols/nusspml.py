_base_ = [
    '../datasets/nusspml-1pos-448px.py',
    '../schedules/adam_10e.py',
    './runtime.py',
]

# NUS-WIDE as in section 5 of "Large Loss Matters". The learning rate is that of
# the large-loss methods; the baselines take it too: theirs was not published.
