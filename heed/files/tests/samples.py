"""Files made by hand, good ones and hostile ones."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
O = (  # noqa: E741 - as its documents call it
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def archive(**parts: bytes | str) -> bytes:
    """A zip; in the names of its parts __ stands for a slash and _xml for .xml."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return kept.getvalue()


def docx(*paragraphs: str) -> bytes:
    """What a word processor writes."""
    said = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    return archive(word__document_xml=f"<w:document {W}><w:body>{said}</w:body></w:document>")


def xlsx() -> bytes:
    """A sheet with a shared text, a text of its own cell, and a number."""
    shared = f"<sst {S}><si><t>Frame</t></si></sst>"
    cells = '<c t="s"><v>0</v></c><c><v>4711.5</v></c><c t="inlineStr"><is><t>Bell</t></is></c>'
    sheet = f"<worksheet {S}><sheetData><row>{cells}</row></sheetData></worksheet>"
    return archive(xl__sharedStrings_xml=shared, xl__worksheets__sheet1_xml=sheet)


def pptx() -> bytes:
    """Two slides; the tenth comes after the second."""
    slide = f"<p {A}><a:p><a:r><a:t>%s</a:t></a:r></a:p></p>"
    return archive(ppt__slides__slide10_xml=slide % "Last", ppt__slides__slide2_xml=slide % "First")


def odt() -> bytes:
    """What another word processor writes."""
    body = "<office:body><office:text><text:p>Über den Sattel</text:p><text:p>Ende</text:p></office:text></office:body>"
    return archive(content_xml=f"<office:document-content {O}>{body}</office:document-content>")


def pdf(*pages: str, filters: int = 0, bomb: int = 0) -> bytes:
    """Pages with a line of text each. filters: how often a page is packed; bomb: so many blanks before its text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    bodies = [one.encode("latin-1") for one in objects]
    for n, text in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * n} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        stream = b" " * bomb + f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode("latin-1")
        for _ in range(filters):
            stream = zlib.compress(stream, 9)
        packed = f"/Filter [{'/FlateDecode ' * filters}]" if filters else ""
        bodies.append(f"<< /Length {len(stream)} {packed} >>\nstream\n".encode() + stream + b"\nendstream")
    return assembled(bodies)


def assembled(bodies: list[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def surrogate_pdf() -> bytes:
    """A page whose letter A stands for half of a character, which no database takes."""
    codes = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    codes += b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n1 beginbfchar\n<41> <D83D>\nendbfchar\n"
    codes += b"endcmap end end"
    page = b"BT /F1 24 Tf 10 100 Td (A hello A) Tj ET"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(codes), codes),
            b"<< /Font << /F1 5 0 R >> >>",
        ]
    )


def deep_pdf(depth: int) -> bytes:
    """Pages within pages within pages."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    bodies += [f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 >>".encode() for n in range(2, depth + 2)]
    return assembled([*bodies, b"<< /Type /Page >>"])


def round_pdf() -> bytes:
    """Pages that hold themselves."""
    return assembled(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]
    )


def nested_pdf(depth: int) -> bytes:
    """A list in a list in a list."""
    return assembled([b"<< /Type /Catalog /Pages " + b"[" * depth + b"]" * depth + b" >>"])
