"""Prints the words of every page with their boxes in millimetres from the upper left, as JSON.

usage: words.py FILE...
"""

import json
import sys

import pypdfium2 as pdfium

MM = 25.4 / 72

for name in sys.argv[1:]:
    pages = []
    for page in pdfium.PdfDocument(name):
        width, height = page.get_size()
        text = page.get_textpage()
        words, word, box = [], "", None
        for index in range(text.count_chars() + 1):
            letter = text.get_text_range(index, 1) if index < text.count_chars() else " "
            if letter.isspace() or not letter:
                if word:
                    left, bottom, right, top = box
                    words.append(
                        [
                            word,
                            left * MM,
                            (height - top) * MM,
                            (right - left) * MM,
                            (top - bottom) * MM,
                        ]
                    )
                word, box = "", None
                continue
            new = text.get_charbox(index, loose=True)
            word += letter
            box = (
                new
                if box is None
                else (
                    min(box[0], new[0]),
                    min(box[1], new[1]),
                    max(box[2], new[2]),
                    max(box[3], new[3]),
                )
            )
        pages.append({"width": width * MM, "height": height * MM, "words": words})
    print(json.dumps({"file": name, "pages": pages}))
