import { columnParameters } from '../../bindings/bulk/operations.js';
import { findRowColumns, type RowColumns } from '../../bindings/bulk/row-columns.js';
import type { RowReading } from '../../bindings/bulk/row-values.js';
import { isBindingMode } from '../../domain/mode.js';
import { AppError } from '../../errors.js';
import type { JobHead } from '../../store/jobs.js';
import { openTable, type Table } from '../../tables/read-table.js';
import type { ByteSource } from '../../tables/detect-encoding.js';

/** What is read from a file, and how. */
export interface JobRows {
  readonly table: Table;
  readonly columns: RowColumns;
  readonly reading: RowReading;
}

/** What of a job's head says how its rows are read. */
export type JobReading = Pick<JobHead, 'operation' | 'mode' | 'file' | 'defaults' | 'mapping'>;

/** Opens the rows of a job. @throws AppError `input-invalid`, `flag-invalid`. */
export async function openJobRows(work: JobReading, source: ByteSource): Promise<JobRows> {
  const { operation, mode, mapping, defaults } = work;
  if (!isBindingMode(mode))
    throw new AppError('flag-invalid', { zh: `${mode} 模式没有绑定关系`, en: `there are no bindings in mode ${mode}` });
  const table = await openTable(source, work.file);
  const columns = findRowColumns(table.headings, columnParameters(operation, mode), { mapping, name: work.file });
  return { table, columns, reading: { operation, mode, columns, defaults } };
}
