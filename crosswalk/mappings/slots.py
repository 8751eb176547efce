"""Which names an SSSOM file may use: slots of version 1.1, justifications, cardinalities, prefixes."""

from __future__ import annotations

#: Slots of one mapping: the columns.
COLUMNS = frozenset(
    [
        "record_id",
        "subject_id",
        "subject_label",
        "subject_category",
        "predicate_id",
        "predicate_label",
        "predicate_modifier",
        "object_id",
        "object_label",
        "object_category",
        "mapping_justification",
        "author_id",
        "author_label",
        "reviewer_id",
        "reviewer_label",
        "reviewer_agreement",
        "creator_id",
        "creator_label",
        "license",
        "subject_type",
        "subject_source",
        "subject_source_version",
        "object_type",
        "object_source",
        "object_source_version",
        "predicate_type",
        "mapping_provider",
        "mapping_source",
        "mapping_cardinality",
        "cardinality_scope",
        "mapping_tool",
        "mapping_tool_id",
        "mapping_tool_version",
        "mapping_date",
        "publication_date",
        "review_date",
        "confidence",
        "curation_rule",
        "curation_rule_text",
        "subject_match_field",
        "object_match_field",
        "match_string",
        "subject_preprocessing",
        "object_preprocessing",
        "similarity_score",
        "similarity_measure",
        "see_also",
        "issue_tracker_item",
        "other",
        "comment",
    ]
)
#: Slots of a set: the block on top.
METADATA = frozenset(
    [
        "sssom_version",
        "curie_map",
        "mapping_set_id",
        "mapping_set_version",
        "mapping_set_source",
        "mapping_set_title",
        "mapping_set_description",
        "mapping_set_confidence",
        "creator_id",
        "creator_label",
        "license",
        "subject_type",
        "subject_source",
        "subject_source_version",
        "object_type",
        "object_source",
        "object_source_version",
        "predicate_type",
        "mapping_provider",
        "cardinality_scope",
        "mapping_tool",
        "mapping_tool_id",
        "mapping_tool_version",
        "mapping_date",
        "publication_date",
        "subject_match_field",
        "object_match_field",
        "subject_preprocessing",
        "object_preprocessing",
        "similarity_measure",
        "curation_rule",
        "curation_rule_text",
        "see_also",
        "issue_tracker",
        "other",
        "comment",
        "extension_definitions",
    ]
)
REQUIRED_METADATA = ("mapping_set_id", "license")
REQUIRED_COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: Prefixes every file may use; it must not give them another meaning.
BUILT_IN = {
    "dcterms": "http://purl.org/dc/terms/",
    "linkml": "https://w3id.org/linkml/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
#: How a match may have been made. "Unspecified" is what tools write where nothing was said: it is no answer.
JUSTIFICATIONS = frozenset(
    f"https://w3id.org/semapv/vocab/{name}"
    for name in [
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
    ]
)
CARDINALITIES = frozenset({"1:1", "1:n", "n:1", "n:n", "1:0", "0:1", "0:0"})
NO_TERM = "https://w3id.org/sssom/NoTermFound"
LITERAL = "rdfs literal"
