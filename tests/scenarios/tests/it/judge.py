"""Judges a signed PDF with tools that are not ours: pyHanko for the signatures, poppler for the page.

usage: judge.py judge ROOT.pem SUB.pem FILE NAME     one line of JSON
       judge.py paint RRGGBB WIDTH HEIGHT FILE       an ellipse on nothing, as PNG

All places are [left, top, right, bottom] in millimetres on the last page that shows a signature.
"""

import json
import logging
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw

DPI = 150
MM = 25.4 / DPI


def paint(colour, width, height, file):
    size = (int(width), int(height))
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((0, 0, size[0] - 1, size[1] - 1), fill="#" + colour)
    image.save(file)


def words(file, page):
    text = subprocess.run(["pdftotext", "-bbox", "-f", str(page), "-l", str(page), file, "-"],
                          check=True, capture_output=True, text=True).stdout
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">'
                       r"([^<]*)</word>", text)
    return [(word, [float(number) * 25.4 / 72 for number in box]) for *box, word in found]


def last_place(all_words, sought):
    sought = sought.split()
    for at in range(len(all_words) - len(sought), -1, -1):
        if [word for word, _ in all_words[at:at + len(sought)]] == sought:
            first, last = all_words[at][1], all_words[at + len(sought) - 1][1]
            return [first[0], first[1], last[2], last[3]]
    return None


def inherited(page, name):
    while name not in page:
        page = page["/Parent"]
    return page[name]


def coloured(file, page, is_colour):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-png", file,
                        folder + "/page"], check=True)
        name = subprocess.run(["ls", folder], check=True, capture_output=True, text=True).stdout
        image = Image.open(folder + "/" + name.strip()).convert("RGB")
    mask = image.point(lambda value: value)
    pixels, box = mask.load(), None
    for y in range(image.height):
        for x in range(image.width):
            if is_colour(*pixels[x, y]):
                box = [x, y, x, y] if box is None else [
                    min(box[0], x), box[1], max(box[2], x), y]
    if box is None:
        return None
    return [box[0] * MM, box[1] * MM, (box[2] + 1) * MM, (box[3] + 1) * MM]


def judge(root, sub, file, name):
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    logging.disable(logging.CRITICAL)
    context = ValidationContext(trust_roots=[load_cert_from_pemder(root)],
                                other_certs=[load_cert_from_pemder(sub)], allow_fetching=False)
    signatures, page = [], 1
    with open(file, "rb") as handle:
        reader = PdfFileReader(handle)
        pages = reader.root["/Pages"]["/Kids"]
        for one in reader.embedded_regular_signatures:
            status = validate_pdf_signature(one, context)
            rect = [float(number) for number in one.sig_field["/Rect"]]
            height = 0.0
            if rect[2] > rect[0]:
                page = 1 + [kid.get_object().container_ref.idnum for kid in pages].index(
                    one.sig_field["/P"].container_ref.idnum)
                height = float(inherited(one.sig_field["/P"], "/MediaBox")[3])
            mm = 25.4 / 72
            signatures.append({
                "name": one.signer_cert.subject.native["common_name"],
                "intact": status.intact and status.valid and status.trusted,
                "change": status.modification_level.name,
                "place": [rect[0] * mm, (height - rect[3]) * mm, rect[2] * mm,
                          (height - rect[1]) * mm],
            })
    found = words(file, page)
    print(json.dumps({
        "page": page,
        "signatures": signatures,
        "name": last_place(found, name),
        "end": next((box for word, box in reversed(found) if word.endswith("./.")), None),
        "recipients": last_place(found, "Nơi nhận:"),
        "blue": coloured(file, page, lambda r, g, b: b > 150 and r < 100 and g < 110),
        "red": coloured(file, page, lambda r, g, b: r > 150 and g < 80 and b < 80),
        "text": " ".join(word for word, _ in found),
    }))


if sys.argv[1] == "paint":
    paint(*sys.argv[2:])
else:
    judge(*sys.argv[2:])
