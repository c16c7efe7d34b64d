import { BlockList, isIP } from 'node:net';
import { AppError } from '../errors.js';

/**
 * Addresses and networks (`203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`) as a test of an address.
 * @returns `undefined` without any: everybody is allowed.
 * @throws AppError `flag-invalid` naming the one that is none.
 */
export function parseAllowList(texts: readonly string[] | undefined): ((address: string) => boolean) | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  const list = new BlockList();
  for (const text of texts.flatMap((one) => one.split(','))) {
    const [, network = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
    const family = isIP(network);
    const size = bits === undefined ? undefined : Number(bits);
    if (family === 0 || (size !== undefined && size > (family === 6 ? 128 : 32))) {
      throw new AppError('flag-invalid', {
        zh: `--allow-ip ${text}：不是 IP 地址或网段，如 203.0.113.0/24`,
        en: `--allow-ip ${text}: not an address or network such as 203.0.113.0/24`,
      });
    }
    const kind = family === 6 ? 'ipv6' : 'ipv4';
    if (size === undefined) list.addAddress(network, kind);
    else list.addSubnet(network, size, kind);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:/, '');
    return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  };
}
