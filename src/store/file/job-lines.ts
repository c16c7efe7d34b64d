import { instantOf, LineError, openSealedLine, sealFields } from './sealed-line.js';
import { type JobHead, ROW_STATES, type RowLine, type RowState } from '../jobs.js';

/** One line of a job's file. */
export type JobLine =
  | { readonly kind: 'head'; readonly head: JobHead }
  /** The planning is over. */
  | { readonly kind: 'begin'; readonly rows: number; readonly at: Date }
  | { readonly kind: 'row'; readonly row: number; readonly state: RowState };

/** The head of a job as a line. */
export function encodeHead(head: JobHead): Buffer {
  return sealFields({ v: 1, job: head });
}

/** The end of the planning as a line. */
export function encodeBegin(rows: number, at: Date): Buffer {
  return sealFields({ v: 1, rows, at });
}

/** A row's new state as a line; row and state come first, so that a million lines are read without parsing them. */
export function encodeRow({ row, state, ...rest }: RowLine): Buffer {
  return sealFields({ v: 1, row, state, ...rest });
}

const ROW_START = /^\{"v":1,"row":(\d+),"state":"([a-z-]+)"/;

/** What a line says, as far as a first pass needs it. @throws {LineError} */
export function readJobLine(bytes: Buffer): JobLine {
  const open = openSealedLine(bytes);
  const start = ROW_START.exec(open.toString('latin1', 0, 48));
  if (start !== null) {
    const state = ROW_STATES.find((one) => one === start[2]);
    if (state === undefined) throw new LineError('the line has an unknown state');
    return { kind: 'row', row: Number(start[1]), state };
  }
  const fields = fieldsOf(open);
  if (typeof fields.rows === 'number') return { kind: 'begin', rows: fields.rows, at: instantOf(fields.at) };
  if (typeof fields.job !== 'object' || fields.job === null) throw new LineError('the line is none of a job');
  const head = fields.job as JobHead;
  return { kind: 'head', head: { ...head, at: instantOf(head.at) } };
}

/** All of a row's line. @throws {LineError} */
export function readRowLine(bytes: Buffer): RowLine {
  const { v: _version, ...fields } = fieldsOf(openSealedLine(bytes));
  return { ...(fields as unknown as RowLine), at: instantOf(fields.at) };
}

function fieldsOf(open: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(`${open.toString('utf8')}}`) as Record<string, unknown>;
  } catch {
    throw new LineError('the line cannot be read');
  }
}
