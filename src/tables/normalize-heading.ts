/** A heading as it is compared: `Ｘ 号码` and `x号码` are one. */
export function normalizeHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .replace(/[\s_\-*:()]/g, '')
    .toLowerCase();
}
