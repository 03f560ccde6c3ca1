// DuckDB on the lines of a log: node duckdb.mjs FOLDER-OF-NODE-MODULES THREADS addresses|visits|sshd FILE
// A line is read as one column, by a separator that never comes.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
const [modules, threads, work, file] = process.argv.slice(2);
const { DuckDBInstance } = await import(
  pathToFileURL(createRequire(resolve(modules) + '/').resolve('@duckdb/node-api')));
const lines = `read_csv('${file}', header=false, delim='\\x01', quote='', escape='', columns={'line':'VARCHAR'},
  auto_detect=false, strict_mode=false, ignore_errors=true, max_line_size=1048576)`;
const queries = {
  addresses: `select split_part(line, ' ', 1) as src, count(*) n from ${lines} group by all`,
  visits: `select split_part(line, ' ', 1) as src, regexp_extract(line, '" (\\d{3}) ', 1) status,
      date_trunc('hour', try_strptime(substr(split_part(line, '[', 2), 1, 26), '%d/%b/%Y:%H:%M:%S %z')) h, count(*) n
    from ${lines} group by all`,
  sshd: `select regexp_extract(line, '(?:Failed password for (?:invalid user )?\\S* from|Invalid user \\S* from) (\\S+) port', 1)
      as src, count(*) n from ${lines} group by all`,
};
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();
const counted = await connection.runAndReadAll(`select count(*), sum(n) from (${queries[work]})`);
console.log(counted.getRows().map(String).join(' '));
