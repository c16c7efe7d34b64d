// One question to DuckDB through its Node package; its rows as JSON, a line each.
//   node bench/duckdb.js ENTRY_OF_THE_PACKAGE SQL
import { pathToFileURL } from 'node:url';

const [entry, sql] = process.argv.slice(2);
const { DuckDBInstance } = await import(pathToFileURL(entry));
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const reader = await connection.runAndReadAll(sql);
for (const row of reader.getRowObjectsJson()) console.log(JSON.stringify(row));
