"""The draws of observed labels, by name."""

#: Generator -> what it draws.
GENERATORS = {
    'hash': 'one positive an image, as KeepOnePositive draws it',
    'spml': "one positive an image, the paper's own draw",
    'fpc': 'the same number of positives and of negatives of each class',
}
