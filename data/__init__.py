"""The store: ledger, Parquet dataset, DuckDB views, queries, exports, releases."""

__project__ = "eventcoder"
