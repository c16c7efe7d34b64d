/** The ```sh blocks of a README, in order, without their fences: what a reader copies and the test runs. */
export function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

/** Exit codes that a block says its failing lines end with: `… || echo $? # 5`. */
export function expectedCodes(block: string): string[] {
  return [...block.matchAll(/\|\| echo \$\? # (\d+)$/gm)].map(([, code = '']) => code);
}

/** The text between `<!-- name -->` and `<!-- /name -->`. */
export function section(markdown: string, name: string): string {
  return markdown.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? '';
}
