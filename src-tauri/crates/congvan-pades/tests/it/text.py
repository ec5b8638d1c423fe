"""Flattens the first page of each PDF with PDFium and prints its text as JSON.

usage: text.py FILE...
"""

import json
import sys

import pypdfium2 as pdfium

for name in sys.argv[1:]:
    document = pdfium.PdfDocument(name)
    document.init_forms()
    page = document[0]
    page.flatten()
    page = document[0]
    print(json.dumps({"file": name, "text": page.get_textpage().get_text_range()}))
