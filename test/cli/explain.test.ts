import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

describe('explain', () => {
  it('shows every place where a code occurs', async () => {
    const world = await openWorld();
    const found = await world.cli('explain', '8014', '--json');
    expect(found.code).toBe(0);
    expect(found.json).toMatchObject({ kind: 'ExplanationList' });
    const { items } = found.json as { items: { source: string; code: string; en: string; zh: string }[] };
    expect(items.map(({ source }) => source)).toContain('hangup');
    for (const item of items) expect(item).toMatchObject({ code: '8014', zh: expect.any(String) as string });
  });

  it('speaks the language asked for', async () => {
    const world = await openWorld();
    const chinese = await world.run(['explain', '1012010', '--lang', 'zh'], { terminal: true });
    expect(chinese.stdout).toMatch(/^代码 +1012010$/m);
    const english = await world.run(['explain', '1012010', '--lang', 'en'], { terminal: true });
    expect(english.stdout).toMatch(/^Code +1012010$/m);
    expect((await world.run(['explain', '1012010'], { terminal: true, env: { LANG: 'zh_CN.UTF-8' } })).stdout).toBe(
      chinese.stdout,
    );
  });

  it('searches by words', async () => {
    const world = await openWorld();
    const found = await world.cli('explain', '停机', '--query', 'items[].code');
    expect(found.stdout.trim().split('\n').length).toBeGreaterThan(0);
    expect(found.code).toBe(0);
  });

  it('says where it knows nothing', async () => {
    const world = await openWorld();
    expect((await world.cli('explain', '999999', '--json')).error).toMatchObject({
      code: 'code-not-found',
      exitCode: 5,
    });
    expect((await world.cli('explain', '--json')).error).toMatchObject({ code: 'flag-missing', exitCode: 2 });
  });
});
