"""Labels that nothing can be learned from."""

from mmwsml.label_files.marked_labels import PRESENT, MarkedLabels


def check_labels(marked: MarkedLabels, source: str) -> None:
    """Refuse labels that teach nothing.

    Raises:
        ValueError: If there is one class, or no label says present.
    """
    if len(marked.classes) < 2:
        raise ValueError(
            f'{source}: has one class, {marked.classes[0]!r:.200}, but '
            'multi-label learning needs at least two; if there are more, say '
            'where with --classes, --tags or --mark-column.'
        )
    if not (marked.marks == PRESENT).any():
        raise ValueError(
            f'{source}: no label of {len(marked)} images says that a class '
            'is present, so that there is nothing to learn; if values mean '
            'that, name them with --present.'
        )
