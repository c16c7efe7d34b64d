import { describe, expect, it } from 'vitest';
import { percent } from '../../../src/output/percent.js';

describe('percent', () => {
  it('has one place', () => {
    expect([percent(2, 3), percent(1, 1), percent(0, 0)]).toEqual(['66.7%', '100.0%', '–']);
  });
});
