"""Evidence packs: what an answer rests on, in a folder that anyone can check without asking us.

>>> import crosswalk
>>> from crosswalk import evidence
>>> answer = crosswalk.convert("examples/polyethylene.json", to="PACT:3.0")  # doctest: +SKIP
>>> evidence.write(answer, "pack")  # doctest: +SKIP
>>> evidence.verify("pack").holds  # doctest: +SKIP
True
"""

from __future__ import annotations

from crosswalk.evidence.claims import write_check
from crosswalk.evidence.conversions import write
from crosswalk.evidence.records import Asked, Check, Manifest, Packed, Verification
from crosswalk.evidence.verify import verify

__all__ = ["Asked", "Check", "Manifest", "Packed", "Verification", "verify", "write", "write_check"]
