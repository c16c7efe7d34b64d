import { describe, expect, it } from 'vitest';
import { PushBatch } from '../../../../src/notifications/quick/push-batch.js';

const push = (bytes: Uint8Array) => ({ id: 's:1', at: new Date(0), kind: 'sms', bytes }) as const;

describe('PushBatch', () => {
  it('is full by what its pushes hold: their bodies, their number, or the memory that those are cut from', () => {
    const fill = (next: () => Uint8Array): number => {
      const batch = new PushBatch();
      while (!batch.isFull) batch.add(push(next()));
      return batch.pushes.length;
    };
    const piece = Buffer.alloc(1024 * 1024);
    let start = 0;
    expect(fill(() => Buffer.alloc(64 * 1024))).toBe(16);
    expect(fill(() => piece.subarray(start, (start += 100)))).toBe(4096);
    expect(fill(() => Buffer.alloc(1024 * 1024).subarray(0, 300))).toBe(16);
  });
});
