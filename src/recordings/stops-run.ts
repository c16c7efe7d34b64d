import { AppError, ERROR_CATALOGUE, isAppError } from '../errors.js';
import type { ExitName } from '../exit-codes.js';

/** Failures of these groups meet every further item too, or do harm when they are repeated. */
const STOPPING: readonly ExitName[] = ['auth', 'account', 'lockedOut', 'interrupted', 'terminated'];

/** Whether no further item must be tried after `error`: wrong credentials, a block, a full disk, a stop. */
export function stopsRun(error: unknown): boolean {
  if (isAppError(error, 'disk-full', 'storage-denied', 'storage-locked')) return true;
  return !(error instanceof AppError) || STOPPING.includes(ERROR_CATALOGUE[error.code].exit);
}
