import { describe, expect, it } from 'vitest';
import { RESULT_CODES } from '../../../src/domain/catalogues/result-codes.js';
import { wordsIn } from '../../../src/domain/text-pair.js';
import { axbBind } from '../../../src/platform/declarations/axb.js';
import { callStop, recordingAddress } from '../../../src/platform/declarations/common-interfaces.js';
import { ERROR_OF_RESULT } from '../../../src/platform/result-error-codes.js';
import { type Refusal, resultError } from '../../../src/platform/result-errors.js';

function refused(httpStatus: number, resultcode?: string, more: Partial<Refusal> = {}): ReturnType<typeof resultError> {
  return resultError({ httpStatus, resultcode, resultdesc: undefined, declaration: axbBind, ...more });
}

describe('resultError', () => {
  it.each([
    [400, '1023033', 'signature-rejected', 4],
    [401, '1010010', 'signature-rejected', 4],
    [403, '1010010', 'flow-control', 7],
    [401, '1010013', 'clock-skewed', 4],
    [403, '1010002', 'request-rejected', 2],
    [403, '1010003', 'application-unavailable', 4],
    [403, '1010029', 'account-frozen', 13],
    [403, '1010040', 'mode-mismatch', 4],
    [403, '1011001', 'number-not-found', 5],
    [403, '1011002', 'no-free-number', 6],
    [403, '1011006', 'flow-control', 7],
    [403, '1012007', 'binding-not-found', 5],
    [403, '1016001', 'binding-not-found', 5],
    [403, '1012010', 'already-bound', 6],
    [403, '1012012', 'feature-not-enabled', 13],
    [403, '1012102', 'number-blocked', 6],
    [403, '1020166', 'address-not-allowed', 4],
    [403, '1020176', 'address-blocked', 12],
    [500, '1010001', 'platform-failure', 7],
    [500, '1020001', 'request-rejected', 2],
    [403, '9999999', 'request-rejected', 2],
    [500, '9999999', 'platform-failure', 7],
    [429, undefined, 'flow-control', 7],
    [503, undefined, 'platform-failure', 7],
  ] as const)('HTTP %i %s is %s, exit %i', (httpStatus, resultcode, code, exitCode) => {
    const error = refused(httpStatus, resultcode);
    expect([error.code, error.exitCode]).toEqual([code, exitCode]);
  });

  it('places every documented result code, or says that its text is not documented', () => {
    const unplaced = RESULT_CODES.filter(
      ({ code, httpStatus }) =>
        code !== '0' && !ERROR_OF_RESULT.has(code) && !ERROR_OF_RESULT.has(`${code}@${httpStatus ?? ''}`),
    );
    expect(unplaced.map((entry) => [entry.code, entry.message])).toEqual([
      ['1012006', undefined],
      ['1012101', undefined],
      ['1012020', undefined],
    ]);
  });

  it('says what failed, why, and what to do, in either language', () => {
    const resultdesc = 'The number +8613800000001 has been bound.';
    const en = refused(403, '1012010', { resultdesc });
    expect(en.message).toBe('AXB bind refused: The number +86138****0001 has been bound. (1012010)');
    expect(en.hint).toHaveProperty(
      'en',
      'A or B is already bound on this X: query the X, then unbind or use another X.',
    );
    expect(en.platform).toEqual({
      httpStatus: 403,
      resultcode: '1012010',
      resultdesc: 'The number +86138****0001 has been bound.',
    });
    const zh = 'AXB 绑定被拒绝：号码已被绑定（1012010，The number +86138****0001 has been bound.）';
    expect(en.words).toHaveProperty('zh', zh);
    expect(en.hint).toHaveProperty('zh', 'A 或 B 已绑定在该 X 号码上：先查询，再解绑或换 X 号码。');
  });

  it('shows the platform text of a code that it does not know', () => {
    expect(refused(403, '1099999', { resultdesc: 'New.' }).message).toBe('AXB bind refused: New. (1099999)');
    expect(refused(403, '1099999').words).toHaveProperty('zh', 'AXB 绑定被拒绝：平台未说明原因（1099999）');
    expect(refused(503).message).toBe('AXB bind refused: the platform gave no reason (HTTP 503)');
  });

  it('names the three reasons of a missing recording', () => {
    const error = refused(403, '1012007', { declaration: recordingAddress, resultdesc: 'The record does not exist' });
    expect(error.code).toBe('recording-not-found');
    expect(error.message).toBe('recording address refused: The record does not exist (1012007)');
    expect(wordsIn(error.hint ?? '', 'en')).toMatch(/arrears.*file name or domain.*7 days/);
  });

  it('takes a missing record of a call for a missing call', () => {
    expect(refused(403, '1020152', { declaration: callStop }).code).toBe('session-not-found');
    expect(refused(403, '1012007', { declaration: callStop }).code).toBe('session-not-found');
  });

  it('names the difference of the clocks', () => {
    const hintOf = (lang: 'zh' | 'en', skewSeconds?: number): string =>
      wordsIn(refused(401, '1010013', { skewSeconds }).hint ?? '', lang);
    expect(hintOf('en', -600.4)).toMatch(/This machine's clock is 600 s behind the platform's\.$/);
    expect(hintOf('zh', 90)).toMatch(/本机时钟比平台快 90 秒。$/);
    expect(hintOf('en')).toBe('Correct the local clock and make a fresh Created for every request.');
  });

  it('decides 1010010 of another status by its text', () => {
    expect(refused(400, '1010010', { resultdesc: 'Invalid digest.' }).code).toBe('signature-rejected');
    expect(refused(400, '1010010', { resultdesc: 'The flow control upper limit is reached.' }).code).toBe(
      'flow-control',
    );
  });
});
