"""The notebooks run from top to bottom, and show what they say."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@cache
def _run(notebook: Path) -> dict[str, Any]:
    """Run all code cells in one namespace, as a kernel would; return it with every last value shown."""
    matplotlib = pytest.importorskip("matplotlib", reason="plots need the extra [plot]")
    matplotlib.use("Agg")
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    space: dict[str, Any] = {"shown": []}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(notebook), "exec"), space)
        if last is not None:
            space["shown"].append(eval(compile(ast.Expression(last.value), str(notebook), "eval"), space))
    return space


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path) -> None:
    space = _run(notebook)
    assert space["shown"]
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.slow
def test_the_crossing_shows_what_its_text_says() -> None:
    crossing = next(path for path in NOTEBOOKS if path.stem == "crossing")
    space = _run(crossing)
    assert space["answer"].class_ == "exact"
    assert space["open_ended"].guaranteed.high is None
    assert space["open_ended"].assumed.high is not None
    assert space["rows"]
    assert abs(space["changed"].value - space["answer"].value) > 0.01
    assert [ask.code for ask in space["near"].asks.items] == ["gas-mass"]
    assert len(space["table"]) == 2
    assert space["verdicts"].counts["recognised"] == 3
    assert "R04" in [reason.rule for reason in space["verdicts"].verdicts[1].reasons]
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_committed_without_output(notebook: Path) -> None:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    assert not [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
