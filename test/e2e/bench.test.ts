import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

it('the benchmark runs, names what is not installed, and looks at each goal', async () => {
  const peers = await temporaryFolder();
  const words = [join(ROOT, 'bench/run.js'), '1', '1', '--peers', peers, '--without', 'jq,Miller', '--only', 'readers'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('DuckDB is not installed: not measured\n');
  for (const task of [
    'calls and talk time by Beijing hour',
    'the calls of one X on one Beijing day',
    'the ten most frequent causes',
  ]) {
    expect(stdout).toMatch(
      new RegExp(`^\\| ${task} \\| privacy-call \\| 1 \\| \\d+\\.\\d\\d \\| .* \\| 1\\.00 × \\|$`, 'm'),
    );
    expect(stdout).toMatch(new RegExp(`^\\| ${task} \\| plain Node \\| 1 \\| `, 'm'));
    expect(stdout).toContain(`| ${task}, against DuckDB | at least 2 × |  | not measured |\n`);
  }
  // None of them is about starting: that was left out.
  expect(stdout).not.toContain('| start of ');
});
