"""The factors as a graph: made when asked for, and the same as in Python."""

from pathlib import Path

from crosswalk.factors.graph import graph
from crosswalk.factors.load import load_factors
from crosswalk.factors.lookup import factor

PREFIX = """PREFIX cw: <https://w3id.org/carbon-crosswalk/vocab#>
PREFIX place: <https://w3id.org/carbon-crosswalk/place/>
PREFIX qk: <https://w3id.org/carbon-crosswalk/quantity-kind#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def test_sparql_and_python_agree_on_two_engines() -> None:
    from pyoxigraph import RdfFormat, Store

    made = graph()
    query = (
        PREFIX
        + """SELECT ?place ?value WHERE {
        ?factor a cw:Factor ; cw:quantityKind qk:electricity-co2-emission-factor ; cw:year 2023 ;
            cw:subject "grid-average" ; cw:series "MEE-CO2" ; cw:place ?where ; cw:value ?value .
        ?where skos:broader+ place:CN ; skos:notation ?place } ORDER BY ?place"""
    )
    by_rdflib = [(str(row[0]), float(row[1])) for row in made.query(query)]
    store = Store()
    store.load(made.serialize(format="nt").encode(), format=RdfFormat.N_TRIPLES)
    by_oxigraph = [(row["place"].value, float(row["value"].value)) for row in store.query(query)]
    assert by_rdflib == by_oxigraph
    assert len(by_rdflib) == 37
    for place, value in by_rdflib:
        assert factor("electricity:co2", place=place, year=2023).value == value


def test_an_address_that_is_no_iri_stays_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    columns = "code,quantity_kind,place,year,value,unit,source,boundary,url"
    row = "m,electricity-co2-emission-factor,CN,2024,0.5,kg CO2/kWh,us,generation,see <the> folder"
    path.write_text(f"{columns}\n{row}\n", encoding="utf-8")
    assert "the folder" not in graph([path]).serialize(format="turtle")


def test_every_factor_is_in_it_once() -> None:
    made = graph()
    query = PREFIX + "SELECT ?code WHERE { ?factor a cw:Factor ; skos:notation ?code }"
    assert sorted(str(row[0]) for row in made.query(query)) == sorted(
        one.code for one in load_factors().factors
    )


def test_what_the_graph_says_is_described() -> None:
    """Every term of ours in the graph of factors stands in the knowledge."""
    import crosswalk

    known = set(crosswalk.graph().subjects())
    used = {term for term in graph().predicates() if "carbon-crosswalk" in str(term)}
    assert used - known == set()
