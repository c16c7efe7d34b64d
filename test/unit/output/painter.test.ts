import { describe, expect, it } from 'vitest';
import { buildPainter, paintValue } from '../../../src/output/painter.js';

const PLAIN = { zone: 'Asia/Shanghai', lang: 'en', mask: true, colour: false } as const;
const paint = buildPainter(PLAIN);

describe('buildPainter', () => {
  it('shows instants in the chosen zone', () => {
    const at = new Date('2019-01-23T09:15:14Z');
    expect(paint.instant(at)).toBe('2019-01-23 17:15:14');
    expect(buildPainter({ ...PLAIN, zone: 'UTC' }).instant(at)).toBe('2019-01-23 09:15:14');
    expect(paint.instant(null)).toBe('—');
    expect(paint.instant(undefined)).toBeUndefined();
  });

  it('shows lengths of time', () => {
    expect(paint.seconds(65)).toBe('1m05s');
    expect(paint.seconds(undefined)).toBeUndefined();
  });

  it('masks numbers and texts, or not', () => {
    const open = buildPainter({ ...PLAIN, mask: false });
    expect(paint.number('+8613800000001')).toBe('+86138****0001');
    expect(open.number('+8613800000001')).toBe('+8613800000001');
    expect(paint.text('from +8613800000001')).toBe('from +86138****0001');
    expect(open.text('from +8613800000001')).toBe('from +8613800000001');
  });

  it('takes the chosen language, else the other', () => {
    const chinese = buildPainter({ ...PLAIN, lang: 'zh' });
    expect(paint.words({ zh: '忙', en: 'busy' })).toBe('busy');
    expect(chinese.words({ zh: '忙', en: 'busy' })).toBe('忙');
    expect(paint.words({ zh: '忙' })).toBe('忙');
    expect(paint.words({ zh: null, en: null })).toBeUndefined();
    expect(paint.words(undefined)).toBeUndefined();
  });

  it('colours only where asked', () => {
    expect(paint.good('ok')).toBe('ok');
    expect(buildPainter({ ...PLAIN, colour: true }).good('ok')).toBe('\u001b[32mok\u001b[39m');
    expect(buildPainter({ ...PLAIN, colour: true }).bad('no')).toBe('\u001b[31mno\u001b[39m');
  });

  it('lets no control character through', () => {
    expect(paint.number('+861\u001b[2J3800000001')).not.toContain('\u001b');
    expect(paint.text('a\u001b[2Jb\nc')).toBe('ab c');
    expect(paint.words({ en: 'a\u0007b' })).toBe('ab');
  });
});

describe('paintValue', () => {
  it.each([
    ['x', '+8617000000201', '+86170****0201'],
    ['caller', '+8613800000001', '+86138****0001'],
    ['raw.callerNum', '+8613800000001', '+86138****0001'],
    ['userData', 'order of 13800000001', 'order of 138****0001'],
    ['raw', { callerNum: '+8613800000001' }, '{"callerNum":"+86138****0001"}'],
    ['subscriptionId', '9fa05583-7642-44b0-8e8b-123456789012', '9fa05583-7642-44b0-8e8b-123456789012'],
    ['recording', true, 'yes'],
    ['recording', false, 'no'],
    ['billedMinutes', 2, '2'],
    ['at', new Date('2019-01-23T09:15:14Z'), '2019-01-23 17:15:14'],
    ['note', 'a\u001b[2Jb', 'ab'],
    ['none', undefined, undefined],
    ['none', null, undefined],
  ])('%s: %j', (field, value, expected) => {
    expect(paintValue(value, field, paint)).toBe(expected);
  });
});
