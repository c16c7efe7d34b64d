/**
 * @param base what a relative address is relative to.
 * @returns `undefined` for what is no URL. One parsing where `URL.canParse` and `new URL` are two, and the error of `new URL`, which carries the whole
 * address, signature and all, goes nowhere.
 */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
