import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Code of the error with which {@link guardedLookup} refuses. */
export const REFUSED_ADDRESS = 'ERR_ADDRESS_REFUSED';

/**
 * Looks names up as the system does and refuses the whole name when `allows` is false for one of its addresses: a name with
 * one foreign and one own address is a name that somebody plays with. The connection goes to an address that was asked for,
 * so a name that changes between two look-ups gains nothing.
 */
export function guardedLookup(allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const [first] = (found as LookupAddress[] | [undefined] | undefined) ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? refusal(), '', 0);
      } else if (!found.every(({ address }) => allows(address))) {
        callback(refusal(), '', 0);
      } else if (options.all === true) {
        callback(null, found);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('the address was refused'), { code: REFUSED_ADDRESS });
}
