import { describe, expect, it } from 'vitest';
import { AREA_CODES, areaCodeOf } from '../../../src/domain/catalogues/area-codes.js';

describe('areaCodeOf', () => {
  it.each([
    ['深圳', '0755'],
    ['深圳市', '0755'],
    ['广东深圳', '0755'],
    ['广东省深圳市', '0755'],
    ['广西壮族自治区 南宁市', '0771'],
    ['吉林', undefined],
    ['吉林市', '0432'],
    ['吉林省吉林市', '0432'],
    ['吉林长春', '0431'],
    ['北京', '010'],
    ['深圳2', undefined],
    // Shares the code of a neighbour since 2011: lists have 0413 or 024.
    ['抚顺', undefined],
    ['', undefined],
  ])('%s is %s', (city, code) => {
    expect(areaCodeOf(city)).toBe(code);
  });

  it('has codes of the form that the platform takes', () => {
    expect(AREA_CODES.size).toBeGreaterThan(70);
    for (const [city, code] of AREA_CODES)
      expect(`${city} ${code}`).toMatch(/^\p{Script=Han}{2,5} (010|02\d|0[3-9]\d{2})$/u);
  });
});
