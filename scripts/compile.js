// Keeps in bundle/code/ what V8 makes of the files that frequent commands load, for this Node; bin/compiled-code.js reads it.
//   node scripts/compile.js    after the bundle was built. Run by another Node it adds what that one makes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { FOLDER, BUILD } = createRequire(import.meta.url)('../bin/compiled-code.js');

const FEE = {
  icid: '1',
  sessionId: 's',
  bindNum: '+8617000000001',
  callerNum: '+8613800000001',
  callInTime: '2026-11-22 00:00:00',
  callEndTime: '2026-11-22 00:01:00',
  ulFailReason: 0,
};

/** Each run begins with the code of the runs before, so that the last one leaves what all of them need. */
const RUNS = [
  'explain 8014',
  'inspect one.json',
  'inspect one.json -o json',
  'cdr stats one.json --by cause -o csv',
  'cdr list two.ndjson -o ndjson',
  'cdr stats two.ndjson --by cause -o csv',
  'numbers list -p sandbox -o table',
  'bind --mode axb -a +8613800000001 -b +8613800000002 -p sandbox -o json',
];

/** In each run: makes code of each file of the bundle once more, with the functions that have run by now. */
const RECORDER = `
const vm = require('node:vm');
const { writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const scripts = [];
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (options.filename.endsWith('.cjs')) scripts.push([options.filename, this]);
  }
};
process.on('exit', () => {
  for (const [filename, script] of scripts) {
    writeFileSync(join(process.env.CODE_FOLDER, basename(filename, '.cjs') + '.bin'), script.createCachedData());
  }
});`;

const home = mkdtempSync(join(tmpdir(), 'privacy-call-compile-'));
try {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'build.json'), BUILD);
  writeFileSync(join(home, 'one.json'), JSON.stringify({ eventType: 'fee', feeLst: [FEE] }));
  writeFileSync(join(home, 'two.ndjson'), `${JSON.stringify({ eventType: 'fee', feeLst: [FEE, FEE] })}\n`.repeat(300));
  writeFileSync(join(home, 'recorder.cjs'), RECORDER);
  for (const line of RUNS) {
    const words = ['--require', join(home, 'recorder.cjs'), at('bin/privacy-call.js'), ...line.split(' ')];
    const { PATH } = process.env;
    const env = { PATH, HOME: home, CODE_FOLDER: FOLDER };
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: home, encoding: 'utf8', env });
    if (status !== 0) throw new Error(`privacy-call ${line} ended with ${status}: ${stderr}`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
const sizes = readdirSync(FOLDER).map((name) => statSync(join(FOLDER, name)).size);
console.log(`code of ${sizes.length} files, ${sizes.reduce((sum, size) => sum + size, 0)} bytes`);
