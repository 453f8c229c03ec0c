"""What a report holds, and how much of it."""

from typing import NamedTuple, Optional


class ReportOptions(NamedTuple):
    """Limits keep the page small whatever the size of the run."""

    #: Folder that the images have been moved to.
    data_root: Optional[str] = None
    #: Images that are followed through training.
    num_timelines: int = 12
    #: Corrections with a picture, of each group.
    num_pictures: int = 24
    #: Lines of the table of suspicious labels, and how many of the first
    #: have a picture.
    num_suspects: int = 1000
    num_suspect_pictures: int = 200
    #: Last epoch of the warm-up.
    warmup: int = 1

    def check(self) -> None:
        """Refuse what makes no page.

        Raises:
            ValueError: If a number is out of its range.
        """
        from mmwsml.structures.checks import check_number

        for name, (least, most) in RANGES.items():
            check_number(name, getattr(self, name), least, most)


RANGES = dict(
    num_timelines=(0, 200),
    num_pictures=(0, 500),
    num_suspects=(0, 100_000),
    num_suspect_pictures=(0, 5000),
    warmup=(1, 10_000),
)
