/** Whether the long forms of the tests run: `npm run test:nightly`. */
export const NIGHTLY = process.env.PRIVACY_CALL_NIGHTLY === '1';

/** How much a test does: what the variable `name` says, else its nightly or its short form. */
export function amount(name: string, short: number, nightly: number): number {
  return Number(process.env[name] ?? (NIGHTLY ? nightly : short));
}
