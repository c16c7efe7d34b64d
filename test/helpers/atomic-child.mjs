/** Replaces `FOLDER/file` in two pieces, for tests that watch its system calls: `node atomic-child.mjs FOLDER`. Uses the built files. */
import { join } from 'node:path';
import { openAtomicFile } from '../../dist/disk/open-atomic-file.js';

const [, , folder] = process.argv;
const file = await openAtomicFile(join(folder, 'file'));
await file.write('first');
await file.write('second');
await file.commit();
