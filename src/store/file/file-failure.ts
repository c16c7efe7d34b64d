import type { TextPair } from '../../domain/text-pair.js';
import { storageError } from '../../errors.js';

/** What the file system refused, as `storage-…` or `disk-full`; anything else as it is: a defect, a stop. @param doing `cannot read <file>`. */
export function fileFailure(error: unknown, doing: TextPair): unknown {
  return error instanceof Error && 'syscall' in error ? storageError(error, doing) : error;
}
