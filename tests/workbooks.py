"""Makers of workbooks: new, old, open, and zipped files that only look like one."""

import base64
import datetime as dt
import io
import zipfile
import zlib

import xlsxwriter

# A register of Excel 97 with one invented line, made once with xlwt.
OLD_EXCEL = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izjX?|?;Q&XW8N(flnS|}odmv*hj7KD_Vi$4gOCX1A&Nl8;t4_d7`3W6uaOQC{Zs$Tp-1@+`XsOU"
        "iughY>?1O*Rm);DiAnnr{Mv{2n|nKy6Vn>X`ze%{RPtHoe(?rvKNHRy)}Wy6DpDw&|<sT2Yry<teUlDjDxHr5q9Z"
        "kosjCmuDubjdlC^Id|1JL)r{zz0f4F^S=9Mh~wc_OK5LA${m0DsY`7KD4q|%}kR_H!{7=H6JtG&5}z@`>1YF9KoV"
        "C+`Y?M#fOv#>wJ*y-e;S4EZL40ypXH-++|_bbz&elmPoHNMZ4OFdC-Io=@~sI%YNK|7l=lCW3k@Dgd##T+4J~ngn"
        "=)WUHvp{%hy&eK=N-Z<*whz-86}{@+*o8%)mI#o1{Q-d8cXy<AG#yS|3YKEnz>c3veP;G?CXGpbb4i^!W*W1F$!n"
        "(!-P4seB^shlq=5oJ0;f_0&o96r~9Y0cpy+<RXF@Gy*GvMiXzQMxrVBnGf=o3XmsDw?4m)jgDx?STe&0g?XH8k>1"
        "0=d1*n$K9)LIFE!n4v5n~kZgn&BZA?S-PLy|yv{=mGEZ4cn+79Yx2jh*lwTkZ~zVPY5gZ9Elt&8}Dq0*Vq!dq<)5"
        "jx&dWG|mt^oSmD?W)8>t&$5X^t@-<`b!vcD*=836^3<Y`ms!7CS^eum?b$n;zvob#>y-?sN}HPQfk^dt9Y#d7`dr"
        "%eRHJcSUq9iWLtyWTRbF3vR`S&J!wK=@h7~nVZ(+E8#Zj%u<>6)UP2Y?%B@--3GzDcvi|EVQ!3lPN&Z>Hk)<b3pL"
        "+X{p*)Avb*-OGaEeM>VwE<P|Ai6<srMYlG0J|7*S&t}lSfp)&#Dare{Kua+kd$pKmT(7-vKqH+f@"
    )
)

ODS_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def ods(tables: str) -> bytes:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        "</manifest:manifest>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", ODS_TYPE)
        archive.writestr("content.xml", ODS_CONTENT.format(tables))
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{repeated}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def xlsx(*sheets, far=None) -> bytes:
    """Makes a workbook of (name, rows); `far` is a lonely cell of the first sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        formats = {
            dt.datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            dt.date: book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell, formats.get(type(cell)))
        if far:
            book.worksheets()[0].write(*far, "x")
    return buffer.getvalue()
