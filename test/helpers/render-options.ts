import type { RenderOptions } from '../../src/output/render-options.js';

/** A terminal without colours, all that is asked for by flags left out. */
export const PLAIN_TABLE: RenderOptions = {
  format: 'table',
  zone: 'Asia/Shanghai',
  lang: 'en',
  mask: undefined,
  colour: false,
  fields: undefined,
  query: undefined,
  quiet: false,
  failIfEmpty: false,
};
