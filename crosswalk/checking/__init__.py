"""Tables of claims in, tables of verdicts out: by the chunk, resumable, and the same whatever the machine.

``inputs`` says what the files are, ``chunks`` cuts them into chunks of a fixed size, ``reading`` reads one,
``task`` judges one and writes its part, ``local`` and ``spark`` do that for all of them, ``parts`` puts the
parts together, and ``run`` is the whole. Judging itself comes from outside: ``work`` says as what.
"""
