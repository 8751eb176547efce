"""What a text file is written in: UTF-8, else GB18030, else it has to be said.

Every byte string is some Latin-1, and much Latin-1 passes for GB18030, so neither is guessed: GB18030 is
taken where the file as a whole looks like Chinese, and is always noted; where it does not, the file is
refused.
"""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path
from typing import NamedTuple

from crosswalk.errors import InputError

#: What may be asked for: encodings in which bytes of structure stand for nothing else.
ENCODINGS = ("utf-8", "gb18030", "cp1252", "latin-1")
_BLOCK = 4 << 20
#: Lines beyond ASCII that are looked at where a file is not UTF-8, and the share of them that must read well.
_LINES, _SHARE = 10_000, 0.9


class Survey(NamedTuple):
    """The hash of a file, its size, and where it is text, its encoding."""

    sha256: str
    size: int
    encoding: str = ""


def survey(path: Path, where: str, *, text: bool, encoding: str | None = None) -> Survey:
    """Read a file once. Raises ``InputError`` for text in an encoding that is not known."""
    digest, size = hashlib.sha256(), 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, head = True, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            head = head or block[:4]
            digest.update(block)
            size += len(block)
            if text and valid and encoding is None:
                valid = _decodes(decoder, block)
    if text and head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("check-utf16", where=where)
    if text and encoding is None:
        valid = valid and _decodes(decoder, b"", final=True)
        encoding = "utf-8" if valid or head.startswith(codecs.BOM_UTF8) else _guess(path, where)
    return Survey(digest.hexdigest(), size, encoding or "")


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _guess(path: Path, where: str) -> str:
    lines = utf8 = chinese = pairs = high = 0
    with path.open("rb") as file:
        while lines < _LINES and (line := file.readline(_BLOCK)):
            if line.isascii():
                continue
            lines += 1
            if _reads(line, "utf-8"):
                utf8 += 1
            if _reads(line, "gb18030"):
                chinese += 1
                two = [one.encode("gb18030") for one in line.decode("gb18030") if ord(one) > 127]
                pairs += len(two)
                # Chinese in use is nearly all of GB 2312: both bytes high. Latin letters stand alone.
                high += sum(all(byte >= 0xA1 for byte in one) for one in two)
    if utf8 >= _SHARE * lines:
        return "utf-8"
    if chinese >= _SHARE * lines and pairs and high >= _SHARE * pairs:
        return "gb18030"
    raise InputError("check-encoding", where=where, known=", ".join(ENCODINGS))


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
