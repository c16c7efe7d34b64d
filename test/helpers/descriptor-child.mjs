// Opens a segment of a journal where one descriptor is free, a second one is needed for the sync of its folder. Run under a small `ulimit -n`.
//   node descriptor-child.mjs <journal folder>    prints the code of the failure, what is left in the folder, and whether the descriptor is free again.
import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SegmentWriter } from '../../dist/store/file/segment-writer.js';

const [, , journalFolder] = process.argv;
const day = '2026-11-22';
mkdirSync(join(journalFolder, day), { recursive: true });

const held = [];
const fill = () => {
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    // None is left.
  }
};
fill();
closeSync(held.pop());
const place = { journalFolder, day, hostname: 'host', pid: 1, startedAt: new Date(0) };
const code = await SegmentWriter.open(place).then(
  () => 'none',
  (error) => error.code,
);
const before = held.length;
fill();
const free = held.length - before;
for (const fd of held) closeSync(fd);
console.log(JSON.stringify({ code, left: readdirSync(join(journalFolder, day)), free }));
