import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slots } from '../../../src/receiver/slots.js';

describe('Slots', () => {
  it('holds what a set would hold', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (steps) => {
        const slots = new Slots<number>();
        const model = new Map<number, number>();
        for (const [index, step] of steps.entries()) {
          const oldest = model.entries().next().value;
          if (step < 5 || oldest === undefined) model.set(index, slots.add(index));
          else {
            slots.remove(oldest[1]);
            model.delete(oldest[0]);
          }
        }
        expect(slots.all().sort((one, other) => one - other)).toEqual([...model.keys()]);
      }),
    );
  });

  it('takes no more room than were there at once', () => {
    const slots = new Slots<string>();
    const places = [slots.add('a'), slots.add('b')];
    for (let n = 0; n < 1000; n += 1) {
      slots.remove(places.shift() ?? 0);
      places.push(slots.add(String(n)));
    }
    expect(Math.max(...places)).toBe(1);
  });
});
