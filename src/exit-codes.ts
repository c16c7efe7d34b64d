/**
 * What the process says to the shell when it ends. Scripts stand on these numbers: a number is never given a second
 * meaning. The README's table is made from `EXIT_CODES`.
 */
export const EXIT_CODES = {
  ok: { code: 0, when: 'done; an empty list is done; so is a reader that closed the pipe' },
  failure: { code: 1, when: 'unexpected: a defect of privacy-call' },
  usage: { code: 2, when: 'flags, values, input files, CSV header' },
  partial: { code: 3, when: 'a run over many items finished, some of them failed' },
  auth: { code: 4, when: 'no credentials, wrong key or secret, clock, allow-list, mode of the application' },
  notFound: { code: 5, when: 'binding, number, recording, session, profile or code does not exist' },
  conflict: { code: 6, when: 'already bound, no free number, number blocked' },
  busy: { code: 7, when: 'flow control or a platform fault, after our own retries' },
  network: { code: 8, when: 'DNS, connect, TLS, time-out, proxy' },
  empty: { code: 9, when: 'nothing matched and --fail-if-empty' },
  assertion: {
    code: 10,
    when: 'an expectation was not met: replay, replay --check, audit --strict, recordings verify, wait',
  },
  lost: { code: 11, when: 'a recording is gone for good, or will be within --expiring, with --fail-on-expired' },
  lockedOut: { code: 12, when: 'the platform blocked this address: no signed request for 30 minutes unless --force' },
  account: { code: 13, when: 'arrears, account frozen, feature not enabled for the application' },
  storage: { code: 14, when: 'the local disk or the store refuses: full, read-only, no permission' },
  interrupted: { code: 130, when: 'stopped by Ctrl-C (SIGINT)' },
  terminated: { code: 143, when: 'stopped by SIGTERM' },
} as const satisfies Record<string, { code: number; when: string }>;

/** Name of an exit code, as the README's table lists it. */
export type ExitName = keyof typeof EXIT_CODES;

/** Number that the process ends with for the outcome `name`. */
export function exitCode(name: ExitName): number {
  return EXIT_CODES[name].code;
}
