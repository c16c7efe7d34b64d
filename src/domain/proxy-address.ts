/** Reads the address of an HTTP proxy as people write it, `http://` or nothing before its name. @returns `undefined` for what is none. */
export function parseProxyAddress(text: string): URL | undefined {
  const address = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
