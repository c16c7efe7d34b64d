import { BlockList, isIP, isIPv4 } from 'node:net';

/** Networks of version 4 that are the own machine or network: [first address, bits]. */
const PRIVATE: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
];
const PRIVATE_6: readonly (readonly [string, number])[] = [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  // Teredo: the address of version 4 in it is scrambled.
  ['2001::', 32],
];
const CARRIER = new BlockList();
CARRIER.addSubnet('100.64.0.0', 10, 'ipv4');

/**
 * Whether `hostname` is the own machine by name or number, or the embedded sandbox: a platform there may hand out addresses
 * of the own machine.
 */
export function isLocalHost(hostname: string): boolean {
  const host = bare(hostname);
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === 'sandbox.invalid' ||
    host === '::1' ||
    host.startsWith('127.')
  );
}

/**
 * Whether an address, written as a number, is of the own machine or network: loopback, private, link-local, multicast, and
 * those wrapped in version 6 (mapped, NAT64, 6to4). What is no address is none of them.
 * Not among them: 198.18.0.0/15, which proxies that answer every name by a made-up address use, and, unless `strict`,
 * 100.64.0.0/10, in which the cloud itself gives its machines the storage's addresses.
 */
export function isPrivateAddress(address: string, strict = false): boolean {
  const host = bare(address);
  const version = isIP(host);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return BLOCKED.check(host, family) || (strict && isIPv4(host) && CARRIER.check(host, family));
}

const BLOCKED = blockList();

function blockList(): BlockList {
  const list = new BlockList();
  for (const [first, bits] of PRIVATE) {
    list.addSubnet(first, bits, 'ipv4');
    list.addSubnet(`::${first}`, 96 + bits, 'ipv6');
    list.addSubnet(`::ffff:${first}`, 96 + bits, 'ipv6');
    list.addSubnet(`64:ff9b::${first}`, 96 + bits, 'ipv6');
    const [a = 0, b = 0, c = 0, d = 0] = first.split('.').map(Number);
    list.addSubnet(`2002:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}::`, 16 + bits, 'ipv6');
  }
  for (const [first, bits] of PRIVATE_6) list.addSubnet(first, bits, 'ipv6');
  return list;
}

/** Without the brackets of a URL, the zone of an interface, or the dot that ends a full name. */
function bare(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
