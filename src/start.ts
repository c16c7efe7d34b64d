import { readFileSync } from 'node:fs';

// Scripts ask for the version again and again: it costs no more than Node itself.
const [word, ...more] = process.argv.slice(2);
if (word === '--version' && more.length === 0) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  process.stdout.write(`${(JSON.parse(manifest) as { version: string }).version}\n`);
} else {
  void import('./main.js');
}
