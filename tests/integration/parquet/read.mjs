// read.mjs FILE: a Parquet file as JSON: {"columns": {name: type}, "rows": […]}. Integers are text, to the last digit; instants
// are ISO 8601. Exit 77 (skipped) if the reader is not installed.
const [reader, node, packed] = await Promise.all(
  ["hyparquet", "hyparquet/src/node.js", "hyparquet-compressors"].map((name) => import(name).catch(() => null)),
);
if (reader === null || packed === null) {
  console.log("hyparquet is not installed: scripts/setup.sh --parquet");
  process.exit(77);
}

const open = reader.asyncBufferFromFile ?? node.asyncBufferFromFile;
const file = await open(process.argv[2]);
const metadata = await reader.parquetMetadataAsync(file);
const columns = {};
for (const { name, type, converted_type: converted, logical_type: logical } of metadata.schema.slice(1)) {
  columns[name] = [type, logical?.type ?? converted, logical?.unit, logical?.isAdjustedToUTC && "UTC", logical?.precision, logical?.scale]
    .filter((word) => word)
    .join(" ");
}
const rows = await reader.parquetReadObjects({ file, metadata, compressors: packed.compressors });
console.log(JSON.stringify({ columns, rows }, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
