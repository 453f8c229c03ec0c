"""Pictures that are no 8-bit RGB, and what reading makes of them."""

from PIL.ImageFile import ImageFile

#: Of the mode of Pillow: what is done to a picture that is read.
MODES = {
    '1': 'black and white, read as three equal colours',
    'L': 'grey, read as three equal colours',
    'LA': 'grey with transparency, which is left out',
    'P': 'of a palette, read as RGB',
    'PA': 'of a palette with transparency, which is left out',
    'RGBA': 'RGB with a fourth band, which is left out',
    'CMYK': 'CMYK, read as RGB',
}
NOT_KNOWN = (
    'of a form that only OpenCV reads, such as several bands: the first three '
    'are taken as colours'
)


class WideSamplesError(ValueError):
    """A picture whose samples have more bits than are read."""


def find_kind(image: ImageFile) -> str:
    """Say what is done to a picture when it is read.

    Args:
        image (Image): Opened, not decoded.

    Returns:
        str: '' where it is 8-bit RGB.

    Raises:
        WideSamplesError: If its samples have 32 bits.
    """
    is_wide = image.mode.startswith(('I', 'F')) and image.format == 'TIFF'
    if is_wide and not image.mode.startswith('I;16'):
        raise WideSamplesError(
            'has samples of 32 bits, which are not read: scale them to 8 bits '
            'as the labels need it, and save it as PNG'
        )
    # The mode of 16-bit RGB is RGB; how its file is decoded tells.
    tiles = getattr(image, 'tile', None)
    depth = f'{image.mode} {tiles[0][-1] if tiles else ""}'
    if ';16' in depth or image.mode == 'I':
        return (
            '16-bit, of which the upper 8 bits are read: if the values fill '
            'only a part of the range, scale them and save 8 bits'
        )
    if getattr(image, 'n_frames', 1) > 1:
        return 'of several frames, of which the first is read'
    return MODES.get(image.mode, '')


def is_dicom(path: str) -> bool:
    """Whether a file is DICOM, which no library of pictures reads."""
    with open(path, 'rb') as file:
        return file.read(132)[128:] == b'DICM'
