"""Ways out of the SQL console that people or pasted text may try; `{secret}` and `{out}` are outside the dataset."""

from __future__ import annotations

READ_A_FILE = {
    "read_text": "SELECT * FROM read_text('{secret}')",
    "read_blob": "SELECT * FROM read_blob('{secret}')",
    "read_csv": "SELECT * FROM read_csv('{secret}', header=false, columns={{'a': 'VARCHAR'}})",
    "read_csv_auto": "SELECT * FROM read_csv_auto('{secret}')",
    "read_json": "SELECT * FROM read_json('{secret}')",
    "read_json_objects": "SELECT * FROM read_json_objects('{secret}')",
    "read_ndjson": "SELECT * FROM read_ndjson('{secret}')",
    "read_parquet": "SELECT * FROM read_parquet('{secret}')",
    "read_duckdb": "SELECT * FROM read_duckdb('{secret}')",
    "parquet_scan of the dataset itself": "SELECT * FROM parquet_scan('{events}/*.parquet')",
    "parquet_metadata": "SELECT * FROM parquet_metadata('{secret}')",
    "parquet_kv_metadata": "SELECT * FROM parquet_kv_metadata('{secret}')",
    "sniff_csv": "SELECT * FROM sniff_csv('{secret}')",
    "path as a table": "SELECT * FROM '{secret}'",
    "quoted path as a table": 'SELECT * FROM "{secret}"',
    "csv path as a table": "SELECT * FROM '{secret}.csv'",
    "file URL as a table": "SELECT * FROM 'file://{secret}'",
    "two slashes": "SELECT * FROM read_text('/{secret}')",
    "dots from the dataset": "SELECT * FROM read_text('{events}/../../secret.txt')",
    "glob function": "SELECT * FROM glob('{folder}/*')",
    "glob in a path": "SELECT * FROM read_text('{folder}/*')",
    "glob of the system": "SELECT * FROM glob('/etc/*')",
    "system file": "SELECT * FROM read_text('/etc/passwd')",
    "process environment": "SELECT * FROM read_text('/proc/self/environ')",
    "parent's environment": "SELECT * FROM read_blob('/proc/1/environ')",
    "the ledger": "SELECT * FROM read_blob('{project}/ledger.sqlite')",
    "file in a subquery": "SELECT (SELECT content FROM read_text('{secret}'))",
    "file in a CTE": "WITH t AS (SELECT * FROM read_text('{secret}')) SELECT * FROM t",
    "file in a recursive CTE": (
        "WITH RECURSIVE t AS (SELECT content c FROM read_text('{secret}') UNION ALL SELECT c FROM t WHERE false) FROM t"
    ),
    "file in a set operation": "SELECT notes FROM events UNION ALL SELECT content FROM read_text('{secret}')",
    "file in a join": "SELECT * FROM events, LATERAL (SELECT * FROM read_text('{secret}'))",
    "file in a filter": "SELECT * FROM events WHERE notes IN (SELECT content FROM read_text('{secret}'))",
    "file in ORDER BY": "SELECT 1 ORDER BY (SELECT content FROM read_text('{secret}'))",
    "file in QUALIFY": "SELECT 1 x QUALIFY row_number() OVER () = (SELECT length(content) FROM read_text('{secret}'))",
    "file in LIMIT": "SELECT notes FROM events LIMIT (SELECT length(content) FROM read_text('{secret}'))",
    "file in PIVOT": "PIVOT (FROM read_text('{secret}')) ON filename IN ('a') USING count(*)",
    "file in DESCRIBE": "DESCRIBE SELECT * FROM read_csv('{secret}')",
    "file in SUMMARIZE": "SUMMARIZE SELECT * FROM read_csv('{secret}')",
    "file in EXPLAIN ANALYZE": "EXPLAIN ANALYZE SELECT * FROM read_text('{secret}')",
    "file by query()": "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
    "file by query_table()": "SELECT * FROM query_table('{secret}')",
    "file by query_table list": "SELECT * FROM query_table(['events', '{secret}'])",
    "file by serialized SQL": (
        "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{secret}'')'))"
    ),
    "file by a serialized plan": "SELECT json_serialize_plan('SELECT * FROM read_csv(''{secret}'')')",
    "file by histogram macro": "SELECT * FROM histogram_values('{secret}', a)",
    "file at a version": "SELECT * FROM '{secret}' AT (VERSION => 1)",
    "function with a schema": "SELECT * FROM main.read_text('{secret}')",
    "function with a catalog": "SELECT * FROM system.main.read_text('{secret}')",
    "function in capitals": "SELECT * FROM READ_TEXT('{secret}')",
    "quoted function": "SELECT * FROM \"read_text\"('{secret}')",
    "file in the comment after a word of ours": (
        "SELECT involves/*('x') UNION ALL SELECT content FROM read_text('{secret}') --*/('x') FROM events"
    ),
    "file in the line comment after a word of ours": (
        "SELECT km_to--(1, 2) UNION ALL SELECT length(content) FROM read_text('{secret}')\n(1, 2) FROM events"
    ),
    "file by TABLE": "TABLE '{secret}'",
    "file before SELECT": "FROM '{secret}' SELECT *",
    "file in a lambda": "SELECT list_transform([1], lambda x: (SELECT content FROM read_text('{secret}')))",
    "file in VALUES": "VALUES ((SELECT content FROM read_text('{secret}')))",
    "file by a dotted call": "SELECT '{secret}'.read_text()",
    "file in UNPIVOT": "UNPIVOT (FROM read_text('{secret}')) ON content",
    "file in SUMMARIZE of a path": "SUMMARIZE '{secret}'",
    "file in DESCRIBE of a path": "DESCRIBE '{secret}'",
    "file in an aggregate's FILTER": "SELECT count(*) FILTER (notes IN (SELECT content FROM read_text('{secret}'))) FROM events",
    "file in an aggregate's ORDER BY": (
        "SELECT string_agg(notes ORDER BY (SELECT content FROM read_text('{secret}'))) FROM events"
    ),
    "file in a window's frame": (
        "SELECT sum(1) OVER (ROWS (SELECT length(content) FROM read_text('{secret}')) PRECEDING) FROM events"
    ),
    "file in TABLESAMPLE": "SELECT * FROM (FROM read_text('{secret}')) TABLESAMPLE 50%",
    "file in AT": "SELECT * FROM events AT (TIMESTAMP => (SELECT content FROM read_text('{secret}')))",
    "file in a table function's argument": "SELECT * FROM json_each((SELECT content FROM read_text('{secret}')))",
    "file in unnest": "SELECT * FROM unnest((SELECT list(content) FROM read_text('{secret}')))",
    "file in a positional join": "SELECT * FROM events POSITIONAL JOIN read_text('{secret}')",
    "file in an ASOF join": "SELECT * FROM events ASOF JOIN read_text('{secret}') f ON events.notes >= f.content",
    "file under the name of a CTE elsewhere": (
        'SELECT * FROM "{secret}.csv", (WITH "{secret}.csv" AS (SELECT 1) SELECT 1)'
    ),
    "file under the name of a later CTE": (
        'WITH a AS (FROM "{secret}.csv"), "{secret}.csv" AS (SELECT 1) FROM a'
    ),
    "file under its own CTE's name": 'WITH "{secret}.csv" AS (FROM "{secret}.csv") FROM "{secret}.csv"',
    "file by the histogram macro": "FROM histogram('{secret}', content)",
    "file in summary()": "FROM summary((FROM read_text('{secret}')))",
    "one file of CSV": "FROM read_single_csv_file('{secret}')",
    "one file of JSON": "FROM read_single_json_file('{secret}')",
    "one file of Parquet": "FROM read_single_parquet_file('{secret}')",
    "parquet_bloom_probe": "FROM parquet_bloom_probe('{secret}', 'a', 1)",
    "parquet_full_metadata": "FROM parquet_full_metadata('{secret}')",
    "seq_scan": "FROM seq_scan('{secret}')",
    "path between dollars": "SELECT * FROM read_text($x${secret}$x$)",
    "path with escapes": "SELECT * FROM read_text(E'{secret}')",
    "path in hexadecimal": "SELECT * FROM read_text(x'2f6574632f706173737764')",
    "path as a parameter": "SELECT * FROM read_text($p)",
    "path from a variable": "SELECT * FROM read_text(getvariable('p'))",
    "path of a row": "SELECT * FROM (SELECT '{secret}' p) AS t, read_csv(t.p)",
    "files counted for a row": "SELECT (SELECT count(*) FROM glob(t.p)) FROM (SELECT '/etc/*' p) AS t",
    "function behind a comment": "/* /* */ */ SELECT * FROM read_text/**/('{secret}')",
    "a hub": "FROM 'hf://datasets/a/b.parquet'",
    "a share of Windows": "FROM '\\\\host\\share\\x.csv'",
    "standard input": "FROM read_csv('/dev/stdin')",
    "an open file": "FROM read_blob('/proc/self/fd/3')",
    "memory of the process": "FROM read_blob('/proc/self/mem')",
    "the ledger by another engine": "FROM sqlite_scan('{project}/ledger.sqlite', 'revision')",
    "a database file": "FROM read_duckdb('{secret}', table_name = 't')",
    "a shell": "FROM read_csv('cat {secret} |')",
    "file in ARRAY": "SELECT ARRAY(FROM read_text('{secret}'))",
    "file in ANY": "SELECT 1 = ANY(SELECT size FROM read_text('{secret}'))",
    "file in REPLACE": "SELECT * REPLACE ((SELECT content FROM read_text('{secret}')) AS notes) FROM events",
    "file in GROUPING SETS": "SELECT 1 GROUP BY GROUPING SETS ((), ((SELECT content FROM read_text('{secret}'))))",
    "file in DISTINCT ON": "SELECT DISTINCT ON ((SELECT content FROM read_text('{secret}'))) 1 FROM events",
    "file in WINDOW": "SELECT sum(1) OVER w FROM events WINDOW w AS (ORDER BY (SELECT content FROM read_text('{secret}')))",
    "file in a list comprehension": "SELECT [x FOR x IN (SELECT list(content) FROM read_text('{secret}'))]",
    "file in USING KEY": (
        "WITH RECURSIVE t(a) USING KEY (a) AS (SELECT content FROM read_text('{secret}') UNION SELECT a FROM t) FROM t"
    ),
    "http": "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "s3": "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
}

WRITE_A_FILE = {
    "COPY": "COPY events TO '{out}'",
    "COPY of a query": "COPY (SELECT 1) TO '{out}' (FORMAT csv)",
    "COPY over the dataset": "COPY (SELECT 1 AS x) TO '{events}/x.parquet' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY in a CTE": "WITH t AS (COPY (SELECT 1) TO '{out}') SELECT 1",
    "COPY in a CTE of a subquery": "SELECT * FROM (WITH t AS (COPY (SELECT 1) TO '{out}') SELECT 1)",
    "COPY under EXPLAIN ANALYZE": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'",
    "COPY in a second statement": "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "COPY after a comment": "/* SELECT */ COPY (SELECT 1) TO '{out}' -- SELECT 1",
    "COPY in a materialised CTE": "WITH t AS MATERIALIZED (COPY (SELECT 1) TO '{out}') FROM t",
    "COPY in brackets": "FROM (COPY (SELECT 1) TO '{out}')",
    "COPY under EXPLAIN with options": "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO '{out}'",
    "COPY under EXPLAIN after a comment": "EXPLAIN /* */ ANALYZE COPY (SELECT 1) TO '{out}'",
    "profiling by a table function": "FROM enable_profiling(save_location = '{out}')",
    "log by a table function": "FROM enable_logging('QueryLog')",
    "external resource": "FROM create_external_resource('x')",
    "registered resource": "FROM register_external_resource('x')",
    "checkpoint by a table function": "FROM checkpoint()",
    "COPY in the comment after a word of ours": (
        "SELECT involves/*('x') FROM events; COPY (SELECT 1) TO '{out}'; SELECT (true --*/('x')) FROM events"
    ),
    "COPY in parts": "COPY events TO '{out}' (FORMAT parquet, PARTITION_BY (country))",
    "COPY to a pipe": "COPY events TO 'cat > {out} |'",
    "COPY after EXPLAIN ANALYZE of another": "EXPLAIN ANALYZE SELECT 1; COPY (SELECT 1) TO '{out}'",
    "COPY FROM DATABASE": "COPY FROM DATABASE memory TO x",
    "key for Parquet": "PRAGMA add_parquet_key('k', '0123456789112345')",
    "resource type": "FROM register_external_resource_type('x')",
    "COPY prepared": "PREPARE p AS COPY (SELECT 1) TO '{out}'",
    "COPY FROM": "COPY events FROM '{secret}'",
    "EXPORT DATABASE": "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE": "IMPORT DATABASE '{folder}'",
    "ATTACH": "ATTACH '{out}' AS x",
    "ATTACH the ledger": "ATTACH '{project}/ledger.sqlite' AS x (TYPE sqlite)",
    "ATTACH read only": "ATTACH '{secret}' AS x (READ_ONLY)",
    "USE": "USE memory",
    "CREATE SECRET": "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "profiling to a file": "PRAGMA enable_profiling = 'json'; PRAGMA profile_output = '{out}'",
    "log to a file": "CALL enable_logging(storage = 'file', storage_config = {{'path': '{out}'}})",
    "write_log": "SELECT write_log('x')",
}

CHANGE_THE_DATA = {
    "DELETE": "DELETE FROM events",
    "UPDATE": "UPDATE events SET notes = ''",
    "INSERT": "INSERT INTO events (notes) VALUES ('x')",
    "DROP": "DROP VIEW events",
    "CREATE OR REPLACE": "CREATE OR REPLACE VIEW events AS SELECT 1",
    "CREATE TABLE": "CREATE TABLE t AS SELECT 1",
    "CREATE MACRO": "CREATE MACRO f() AS TABLE SELECT * FROM read_text('{secret}')",
    "DELETE in a CTE": "WITH t AS (DELETE FROM events RETURNING *) SELECT * FROM t",
    "INSERT in a CTE": "WITH t AS (INSERT INTO events (notes) VALUES ('x') RETURNING *) SELECT * FROM t",
    "UPDATE in a CTE": "WITH t AS (UPDATE events SET notes = '' RETURNING *) SELECT * FROM t",
    "DELETE under EXPLAIN ANALYZE": "EXPLAIN ANALYZE DELETE FROM events",
    "MERGE": "MERGE INTO events USING (SELECT 1 k) s ON true WHEN MATCHED THEN DELETE",
    "MERGE in a CTE": (
        "WITH t AS (MERGE INTO events USING (SELECT 1 k) s ON true WHEN MATCHED THEN DELETE RETURNING *) FROM t"
    ),
    "CREATE TRIGGER": "CREATE TRIGGER t AFTER INSERT ON events FOR EACH ROW SELECT 1",
    "TRUNCATE": "TRUNCATE events",
    "ALTER": "ALTER VIEW events RENAME TO e",
    "VACUUM": "VACUUM",
    "CHECKPOINT": "CHECKPOINT",
    "COMMENT": "COMMENT ON VIEW events IS 'x'",
}

CHANGE_THE_LOCKS = {
    "SET external access": "SET enable_external_access = true",
    "SET GLOBAL": "SET GLOBAL enable_external_access = true",
    "RESET": "RESET lock_configuration",
    "PRAGMA": "PRAGMA enable_external_access = true",
    "unlock": "SET lock_configuration = false",
    "memory": "SET memory_limit = '100GB'",
    "temp directory": "SET temp_directory = '{folder}'",
    "time": "SET max_execution_time = 0",
    "SET VARIABLE from a file": "SET VARIABLE v = (SELECT content FROM read_text('{secret}'))",
    "setting in a CTE": "WITH t AS (SET enable_external_access = true) SELECT 1",
    "setval": "SELECT setval('s', 1)",
    "drop the logs": "FROM truncate_duckdb_logs()",
    "JSON pragma": "PRAGMA json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "INSTALL": "INSTALL httpfs",
    "LOAD": "LOAD httpfs",
    "LOAD a path": "LOAD '{out}'",
    "FORCE INSTALL": "FORCE INSTALL sqlite FROM community",
    "UPDATE EXTENSIONS": "UPDATE EXTENSIONS",
    "CALL pragma": "CALL pragma_version()",
}

TELL_OF_THE_MACHINE = {
    "the views' own table": "FROM store.recent",
    "the views' own table described": "DESCRIBE store.recent",
    "the views' own table under a CTE's name": "FROM store_heads, (WITH store_heads AS (SELECT 1) SELECT 1)",
    "sample of the views' own table": "FROM duckdb_table_sample('store.recent')",
    "a setting by a lambda": "SELECT list_transform(['temp_directory'], lambda x: current_setting(x))",
    "a setting by a dotted call": "SELECT 'temp_directory'.current_setting()",
    "a setting of the system": "SELECT system.main.current_setting('temp_directory')",
    "the environment by list_reduce": "SELECT list_reduce(['HOME'], lambda x, y: getenv(x), 'a')",
    "views of PostgreSQL in capitals": "FROM PG_CATALOG.PG_VIEWS",
    "getenv": "SELECT getenv('HOME')",
    "settings": "SELECT * FROM duckdb_settings()",
    "one setting": "SELECT current_setting('home_directory')",
    "pg_settings": "SELECT * FROM pg_catalog.pg_settings",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "logs": "SELECT * FROM duckdb_logs",
    "databases": "SELECT * FROM duckdb_databases()",
    "database list": "PRAGMA database_list",
    "temporary files": "SELECT * FROM duckdb_temporary_files()",
    "extensions": "SELECT * FROM duckdb_extensions()",
    "file cache": "SELECT * FROM duckdb_external_file_cache()",
    "python variable": "SELECT * FROM request",
    "python variable of ours": "SELECT * FROM snapshot",
    "pandas_scan": "SELECT * FROM pandas_scan(0)",
    "arrow_scan": "SELECT * FROM arrow_scan(0, 0, 0)",
    "python_arrow_scan": "SELECT * FROM python_arrow_scan(0)",
    "python_map_function": "SELECT * FROM python_map_function(0)",
    "tables under a CTE's name": "FROM sqlite_master, (WITH sqlite_master AS (SELECT 1) SELECT 1)",
    "databases under a later CTE's name": "WITH a AS (FROM duckdb_databases), duckdb_databases AS (SELECT 1) FROM a",
    "logs under their own CTE's name": "WITH duckdb_logs AS (FROM duckdb_logs) FROM duckdb_logs",
    "where the views read": "SELECT sql FROM duckdb_views()",
    "where a view reads": "SELECT pg_get_viewdef(table_oid) FROM duckdb_tables()",
    "what the views say": "SELECT view_definition FROM information_schema.views",
    "the catalog of PostgreSQL": "FROM pg_catalog.pg_views",
    "the catalog of SQLite": "FROM sqlite_master",
    "variables": "FROM duckdb_variables()",
    "which secret": "FROM which_secret('s3://x', 's3')",
    "prepared statements": "FROM duckdb_prepared_statements()",
    "profiling settings": "FROM duckdb_profiling_settings()",
    "platform": "FROM pragma_platform()",
    "SHOW DATABASES": "SHOW DATABASES",
    "SHOW TABLES FROM": "SHOW TABLES FROM system",
    "SHOW a setting": "SHOW memory_limit",
    "invoke": "SELECT invoke(lambda x: sleep_ms(60000), 1)",
    "sleep": "SELECT sleep_ms(60000)",
    "pg_sleep": "SELECT pg_sleep(60)",
    "SHOW ALL TABLES": "SHOW ALL TABLES",
    "unknown column": "SELECT nonsense FROM events",
    "not SQL": "hello there",
    "NUL": "SELECT '\x00' FROM read_text('{secret}')",
}

ESCAPES = {
    f"{group}: {name}": sql
    for group, attempts in {
        "reads": READ_A_FILE,
        "writes": WRITE_A_FILE,
        "changes": CHANGE_THE_DATA,
        "unlocks": CHANGE_THE_LOCKS,
        "tells": TELL_OF_THE_MACHINE,
    }.items()
    for name, sql in attempts.items()
}
"""Every one of these must be refused with a sentence."""

THROUGH_THE_CONSOLE = [name for at, name in enumerate(ESCAPES) if name.startswith("writes") or at % 2 == 0]
"""Those that each push tries in a process of its own; the filter is tried with all of them, and a release with
EVENTCODER_ALL_ATTEMPTS=1 tries all of them in processes too."""

EXHAUSTING = {
    "rows of nothing": "SELECT NULL FROM range(1000000000000)",
    "a number of ten million digits": "SELECT repeat('9', 10000000)::BIGNUM * repeat('9', 10000000)::BIGNUM",
    "a pattern for ever": "SELECT strftime(now(), repeat('%c', 10000000))",
    "a list that doubles": (
        "WITH RECURSIVE t AS (SELECT [1, 2] l, 1 n UNION ALL SELECT l || l, n + 1 FROM t WHERE n < 60)"
        " SELECT max(len(l)) FROM t"
    ),
    "every second since the year 1": (
        "SELECT count(*) FROM generate_series(DATE '0001-01-01', DATE '9999-12-31', INTERVAL 1 SECOND)"
    ),
    "endless recursion": "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t",
    "endless recursion of rows": "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x + 1 FROM t) SELECT * FROM t",
    "a huge list": "SELECT len(range(2000000000))",
    "a large list": "SELECT len(range(400000000))",
    "a huge cell": "SELECT lpad('a', 2000000000, 'b')",
    "a huge printf": "SELECT printf('%2000000000d', 1)",
    "long strings, many times": "SELECT sum(length(repeat(repeat('a', 100000), 1000))) FROM range(100000)",
    "one slow call": "SELECT levenshtein(repeat('ab', 60000), repeat('ba', 60000))",
    "a sort of everything": "SELECT list_sort(list(random())) FROM range(60000000)",
    "a cross join": "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range = -b.range - 1",
    "a huge answer": "SELECT repeat('x', 1000) FROM range(100000000)",
    "a query that doubles its columns": "WITH t0 AS (SELECT 1 x), "
    + ", ".join(f"t{n} AS (SELECT a.*, b.* FROM t{n - 1} a, t{n - 1} b)" for n in range(1, 27))
    + " FROM t26",
    "a text that doubles itself": "SELECT "
    + "replace(" * 12
    + "repeat('a', 1000)"
    + ", 'a', 'aaaaaaaaaa')" * 12,
    "a key that is never found": (
        "WITH RECURSIVE t(k, v) USING KEY (k) AS (SELECT 1, 1 UNION SELECT k + 1, v + 1 FROM t) FROM t"
    ),
    "a product of series": "SELECT count(*) FROM generate_series(1, 100000000) a, unnest(range(a.generate_series)) b",
    "many groups": "SELECT count(*) FROM (SELECT range % 99999989 g, count(*) FROM range(2000000000) GROUP BY g)",
}
"""Every one of these must end by itself, by the clock or by the memory limit, and take nothing else along."""
