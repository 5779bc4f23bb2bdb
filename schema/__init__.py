"""The codebook: columns, taxonomy, rules, vocabularies. Knows no storage and no screen."""

__project__ = "eventcoder"
