"""FIELDS FOLDER: DuckDB's read_json over all pages and COPY … TO, in one thread.

The Python module, or the C library named by CALLRAIL_BENCH_DUCKDB (a libduckdb.so).
"""
import ctypes
import os
import sys


def with_module(statements):
    import duckdb
    connection = duckdb.connect()
    for statement in statements:
        connection.execute(statement)


def with_library(path, statements):
    library = ctypes.CDLL(path)
    library.duckdb_result_error.restype = ctypes.c_char_p
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    if library.duckdb_open(None, ctypes.byref(database)) or library.duckdb_connect(database, ctypes.byref(connection)):
        sys.exit("DuckDB does not open")
    for statement in statements:
        result = ctypes.create_string_buffer(256)  # more than a duckdb_result takes
        if library.duckdb_query(connection, statement.encode(), result):
            sys.exit(library.duckdb_result_error(result).decode())


def main():
    fields = ", ".join(f'"{name}"' for name in sys.argv[1].split(","))
    statements = [
        "SET threads = 1",
        f"""COPY (SELECT {fields} FROM (SELECT unnest(calls, max_depth := 2)
            FROM read_json('{sys.argv[2]}/*.json', maximum_object_size = 67108864))) TO '/dev/stdout' (HEADER)""",
    ]
    library = os.environ.get("CALLRAIL_BENCH_DUCKDB")
    if library:
        with_library(library, statements)
    else:
        with_module(statements)


if __name__ == "__main__":
    main()
