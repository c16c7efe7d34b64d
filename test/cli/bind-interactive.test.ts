import { describe, expect, it } from 'vitest';
import { openWorld, type RunOptions, type World } from '../helpers/world.js';

const QUESTIONS = [
  { asks: 'Mode of the application (--mode)', answer: 'axb' },
  { asks: 'A number (-a)', answer: '13800000001' },
  { asks: 'B number (-b)', answer: '138 0000 0002' },
];

async function bound(world: World): Promise<string> {
  return (await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'count')).stdout;
}

function bind(world: World, argv: readonly string[], options: RunOptions) {
  return world.run(['-p', 'sandbox', 'bind', ...argv], { terminal: true, ...options });
}

describe('bind on a terminal', () => {
  it('asks for mode, A and B, shows the request, asks once, and binds', async () => {
    const world = await openWorld();
    const answers = [...QUESTIONS, { asks: 'Send this request?', answer: 'yes' }];
    const done = await bind(world, [], { answers });
    expect(done.code).toBe(0);
    expect(done.stderr).toContain('bind the pair A and B on X (AXB):\n  -a +8613800000001\n  -b +8613800000002\n');
    expect(done.stdout).toContain('+86138****0001');
    expect(await bound(world)).toBe('1\n');
  });

  it('sends nothing after a no', async () => {
    const world = await openWorld();
    const answers = [...QUESTIONS, { asks: 'Send this request?', answer: 'no' }];
    const done = await bind(world, [], { answers });
    expect(done).toMatchObject({ code: 130, stdout: '' });
    expect(done.stderr).toContain('error: not confirmed: nothing was sent');
    expect(await bound(world)).toBe('0\n');
  });

  it('offers the modes by name, and refuses what is no number while it is typed', async () => {
    const world = await openWorld();
    const done = await bind(world, [], { answers: [...QUESTIONS, { asks: 'Send', answer: 'no' }] });
    const [mode, a] = done.questions;
    expect(mode?.choices?.map(({ value }) => value)).toEqual(['ax', 'axb', 'axe', 'axyb']);
    expect(a?.validate?.('12')).toMatch(/not a phone number/);
    expect(a?.validate?.(' ')).toBe('a value is needed');
    expect(a?.validate?.('13800000001')).toBeUndefined();
  });

  it('asks only for what is missing', async () => {
    const world = await openWorld();
    const answers = [
      { asks: '(-b)', answer: '13800000002' },
      { asks: 'Send this request?', answer: 'yes' },
    ];
    expect((await bind(world, ['--mode', 'axb', '-a', '13800000001'], { answers })).code).toBe(0);
  });

  it('asks for nothing where nothing is missing', async () => {
    const world = await openWorld();
    const done = await bind(world, ['--mode', 'axb', '-a', '13800000001', '-b', '13800000002'], {});
    expect(done).toMatchObject({ code: 0, questions: [] });
  });

  it('goes on to the city where X is left empty', async () => {
    const world = await openWorld();
    const answers = [
      { asks: '(-a)', answer: '13800000001' },
      { asks: '(-x), empty to skip', answer: '' },
      { asks: '(--area)', answer: '0755' },
      { asks: 'Send this request?', answer: 'yes' },
    ];
    const done = await bind(world, ['--mode', 'ax', '--no-mask'], { answers });
    expect(done.stdout).toContain('+8617000000101');
  });

  it('asks nothing with --no-input, nor in a pipe: the missing flag is named', async () => {
    const world = await openWorld();
    const argv = ['--mode', 'axb', '-a', '13800000001'];
    for (const done of [await bind(world, [...argv, '--no-input'], {}), await bind(world, argv, { terminal: false })]) {
      expect(done.code).toBe(2);
      expect(done.stderr).toMatch(/^error: -b is missing/);
    }
  });
});
