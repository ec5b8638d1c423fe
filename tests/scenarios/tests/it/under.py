"""What lies under a stamp: the first page before and after it was sealed, drawn by poppler.

usage: under.py BEFORE.pdf AFTER.pdf     one line of JSON

The stamp is the box of all red that came, the words the box of what else came beside it. `ink` counts
the dots of print in such a box before: as dark as print, and not alone as a speck of dust is. Places
are [left, top, right, bottom] in millimetres.
"""

import json
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops, ImageFilter

DPI = 150
MM = 25.4 / DPI
# Print, also faded; grain and what shines through are lighter.
DARK = 120


def page(file):
    with tempfile.TemporaryDirectory() as folder:
        name = folder + "/page"
        subprocess.run(["pdftoppm", "-r", str(DPI), "-l", "1", "-singlefile", "-png", file, name],
                       check=True)
        return Image.open(name + ".png").convert("RGB").copy()


def under(before, box):
    if box is None:
        return None
    darkest = before.crop(box).split()
    darkest = ImageChops.darker(ImageChops.darker(*darkest[:2]), darkest[2])
    # A dot counts with a dark neighbour: the second darkest of nine.
    dark = darkest.filter(ImageFilter.RankFilter(3, 1)).point(lambda value: 255 * (value < DARK))
    return {"box": [round(side * MM, 1) for side in box], "ink": dark.histogram()[255]}


def judge(first, second):
    before, after = page(first), page(second)
    if before.size != after.size:
        sys.exit("another size")
    red, green, blue = after.split()
    came = ImageChops.difference(before, after).convert("L").point(lambda value: 255 * (value > 24))
    reddish = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    reddish = reddish.point(lambda value: 255 * (value > 90))
    stamp = ImageChops.multiply(came, reddish).getbbox()
    rest = came.copy()
    if stamp is not None:
        rest.paste(0, stamp)
    print(json.dumps({"stamp": under(before, stamp), "words": under(before, rest.getbbox())}))


judge(*sys.argv[1:])
