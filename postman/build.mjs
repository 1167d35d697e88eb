// Writes a collection from each file in `src/collections/`, with examples of answers from newman's reports if some are given.
//   node build.mjs [--check] [REPORT.json …]
// With --check nothing is written, and anything that is not as it would be written is an error.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { collection } from './src/collection.mjs';
import { examples } from './src/examples.mjs';

const SOURCES = new URL('src/collections/', import.meta.url);
const NAMES = readdirSync(SOURCES).map((file) => file.replace(/\.mjs$/, '')).sort();

const check = process.argv.includes('--check');
const reports = process.argv.slice(2).filter((word) => word !== '--check').map((path) => JSON.parse(readFileSync(path)));
const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{"item": []}';
  }
};
const requests = ({ item }) => item.flatMap((folder) => folder.item.map((one) => [`${folder.name}: ${one.name}`, one]));

const stale = [];
for (const name of NAMES) {
  const built = collection((await import(new URL(`${name}.mjs`, SOURCES))).default);
  const file = new URL(`${name}.postman_collection.json`, import.meta.url);
  const before = read(file);
  const kept = new Map(requests(JSON.parse(before)).map(([place, one]) => [place, one.response]));
  const report = reports.find((one) => one.collection.info.name === built.info.name);
  const seen = report && examples(requests(built).map(([, one]) => one), report);
  for (const [at, [place, one]] of requests(built).entries()) {
    one.response = seen?.[at] ?? kept.get(place) ?? [];
    if (check && one.response.length === 0) stale.push(`${name}: "${place}" has no example`);
  }
  const text = `${JSON.stringify(built, null, 2)}\n`;
  if (!check) writeFileSync(file, text);
  else if (text !== before) {
    const line = text.split('\n').findIndex((line, at) => line !== before.split('\n')[at]);
    stale.push(`${file.pathname}:${line + 1} is not as it would be written: ${text.split('\n')[line]}`);
  }
}
for (const problem of stale) console.error(problem);
process.exitCode = stale.length === 0 ? 0 : 1;
