import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

const MISSING = '--mode is missing: the profile names none';
const GIVE = 'Give --mode ax, axb, axe or axyb';

describe('a mode that nothing tells', () => {
  it.each([
    ['bind', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'],
    ['bind', '--file', 'rows.csv'],
    ['unbind', '--file', 'rows.csv'],
    ['update', '--template'],
    ['hangup', 'some@session'],
    ['api', 'GET', '/rest/caas/relationnumber/partners/v1.0'],
  ])('%s %s: no word of the ledger, which cannot know it', async (...line) => {
    const world = await openWorld();
    const failed = await world.cli('-p', 'sandbox', ...line, '--json');
    expect(failed.error).toMatchObject({ code: 'flag-missing', exitCode: 2, message: MISSING, hint: `${GIVE}.` });
  });

  it.each([['query'], ['unbind'], ['update', '-b', '13800000003']])('%s: an ID would do as well', async (...line) => {
    const world = await openWorld();
    const failed = await world.cli('-p', 'sandbox', ...line, '--json');
    expect(failed.error).toMatchObject({
      code: 'flag-missing',
      message: MISSING,
      hint: `${GIVE}, or the --id of a binding that the ledger has.`,
    });
  });

  it.each([
    ['query', '--id', 'some-id'],
    ['unbind', '--id', 'some-id'],
    ['update', '--id', 'some-id', '-b', '13800000003'],
    ['bind', '--id', 'some-id', '-b', '13800000003'],
  ])('%s %s: the ledger has no such binding', async (...line) => {
    const world = await openWorld();
    const failed = await world.cli('-p', 'sandbox', ...line, '--json');
    expect(failed.error).toMatchObject({
      code: 'flag-missing',
      message: `${MISSING}, and the ledger has no binding some-id`,
      hint: `${GIVE}, or another ID: privacy-call -p sandbox bindings list --state all shows what the ledger has.`,
    });
  });

  it.each(['query', 'unbind'])('%s -x: nobody knows the mode of this X, until its list is imported', async (verb) => {
    const world = await openWorld();
    const line = ['-p', 'sandbox', verb, '-x', '17000000201', '--ignore-missing'].slice(0, verb === 'query' ? -1 : 6);
    const failed = await world.cli(...line, '--json');
    expect(failed.error).toMatchObject({
      code: 'flag-missing',
      message: `${MISSING}, and neither ledger nor inventory know the mode of this X`,
      hint: `${GIVE}; privacy-call -p sandbox numbers import FILE enters the numbers of the console with theirs.`,
    });
    await world.write('numbers.csv', '号码,模式\n17000000201,AXB\n');
    expect((await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--yes')).code).toBe(0);
    expect((await world.cli(...line, '--json')).code).toBe(0);
  });
});
