import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { renderError, toAppError } from '../../../src/output/render-error.js';

const PLAIN = { json: false, colour: false, verbose: false, lang: 'en' } as const;

describe('renderError', () => {
  const error = new AppError('already-bound', 'X +8617000000101 is bound', {
    hint: 'privacy-call query -x 17000000101',
    platform: { httpStatus: 409, resultcode: '1011003', resultdesc: 'number +8613800000001 is in use' },
  });

  it('is a sentence and a hint, numbers masked', () => {
    expect(renderError(error, PLAIN)).toBe(
      'error: X +86170****0101 is bound\nhint:  privacy-call query -x 170****0101\n',
    );
  });

  it('is one JSON line with the answer of the platform', () => {
    const text = renderError(error, { ...PLAIN, json: true });
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 'already-bound',
        exitCode: 6,
        message: 'X +86170****0101 is bound',
        hint: 'privacy-call query -x 170****0101',
        httpStatus: 409,
        resultcode: '1011003',
        resultdesc: 'number +86138****0001 is in use',
      },
    });
  });

  it('leaves out of the JSON line what there is not', () => {
    const text = renderError(new AppError('disk-full', 'no space'), { ...PLAIN, json: true });
    expect(text).toBe('{"error":{"code":"disk-full","exitCode":14,"message":"no space"}}\n');
  });

  it('shows the stack with --verbose only, its causes too, masked', () => {
    const cause = new Error('read of +8613800000001 failed');
    const failed = new AppError('storage-failed', 'cannot read', { cause });
    expect(renderError(failed, PLAIN)).toBe('error: cannot read\n');
    const verbose = renderError(failed, { ...PLAIN, verbose: true });
    expect(verbose).toMatch(/\n {4}at /);
    expect(verbose).toContain('caused by Error: read of +86138****0001 failed');
    expect(verbose).not.toContain('13800000001');
  });

  it('takes it for no defect where no more files can be opened', () => {
    const refused = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    expect(toAppError(refused)).toMatchObject({ code: 'storage-failed', exitCode: 14 });
    const named = toAppError(Object.assign(refused, { path: '/opt/part.cjs' }));
    expect(renderError(named, PLAIN)).toBe(
      'error: cannot open /opt/part.cjs: too many open files (EMFILE)\n' +
        'hint:  Allow more of them (ulimit -n 1024), or do less at once (--concurrency).\n',
    );
  });

  it('always shows the stack of a defect', () => {
    const defect = toAppError(new TypeError('x is not a function'));
    expect(defect.code).toBe('internal');
    expect(defect.exitCode).toBe(1);
    expect(renderError(defect, PLAIN)).toContain('caused by TypeError: x is not a function\n    at ');
  });

  it('takes control characters of others away', () => {
    const text = renderError(new AppError('platform-failure', 'said \u001b]0;owned\u0007\u001b[2Jno'), PLAIN);
    expect(text).toBe('error: said no\n');
  });

  it('colours only where asked', () => {
    const text = renderError(new AppError('disk-full', 'no space'), { ...PLAIN, colour: true });
    expect(text).toBe('\u001b[31merror:\u001b[39m no space\n');
  });
});

describe('toAppError', () => {
  it('hands its own errors back', () => {
    const error = new AppError('disk-full', 'no space');
    expect(toAppError(error)).toBe(error);
  });

  it('takes anything that was thrown', () => {
    expect(toAppError('a text').message).toBe('unexpected: a text');
  });
});
