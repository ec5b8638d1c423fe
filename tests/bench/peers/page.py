"""Renders page one of PDFs with PDFium alone: the library's own calls, no picture file.

usage: page.py libpdfium.so WIDTH
"""

import ctypes
import json
import sys
import time

pdfium = ctypes.CDLL(sys.argv[1])
width = int(sys.argv[2])
pointer, integer, number = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
for name, result, arguments in [
    ("FPDF_LoadMemDocument", pointer, [ctypes.c_char_p, integer, ctypes.c_char_p]),
    ("FPDF_LoadPage", pointer, [pointer, integer]),
    ("FPDF_GetPageWidthF", number, [pointer]),
    ("FPDF_GetPageHeightF", number, [pointer]),
    ("FPDFBitmap_Create", pointer, [integer, integer, integer]),
    ("FPDFBitmap_FillRect", integer, [pointer, integer, integer, integer, integer, ctypes.c_ulong]),
    ("FPDF_RenderPageBitmap", None, [pointer, pointer] + [integer] * 6),
    ("FPDFBitmap_Destroy", None, [pointer]),
    ("FPDF_ClosePage", None, [pointer]),
    ("FPDF_CloseDocument", None, [pointer]),
]:
    function = getattr(pdfium, name)
    function.restype, function.argtypes = result, arguments
pdfium.FPDF_InitLibrary()

ANNOTATIONS = 1


def first_page(data):
    document = pdfium.FPDF_LoadMemDocument(data, len(data), None)
    assert document, "not a PDF"
    page = pdfium.FPDF_LoadPage(document, 0)
    assert page, "no page"
    height = round(width * pdfium.FPDF_GetPageHeightF(page) / pdfium.FPDF_GetPageWidthF(page))
    bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, ANNOTATIONS)
    pdfium.FPDFBitmap_Destroy(bitmap)
    pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)


for line in sys.stdin:
    asked = [open(file, "rb").read() for file in json.loads(line)["files"]]
    start = time.perf_counter()
    for data in asked:
        first_page(data)
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
