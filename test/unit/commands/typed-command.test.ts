import { describe, expect, it } from 'vitest';
import { type JobItem, jobView } from '../../../src/commands/bulk/job-view.js';
import { typedCommand } from '../../../src/commands/typed-command.js';

const at = new Date(0);
const JOB: JobItem = {
  kind: 'Job',
  id: 'bind-0123456789ab',
  state: 'open',
  operation: 'bind',
  mode: 'axb',
  profile: 'default',
  file: 'rows.csv',
  rows: 3,
  done: 1,
  already: 0,
  refused: 0,
  inDoubt: 1,
  left: 1,
  createdAt: at,
  updatedAt: at,
};

describe('a command in a hint', () => {
  it.each([
    [undefined, 'privacy-call jobs list'],
    ['shop', 'privacy-call -p shop jobs list'],
  ])('names the profile that it is about: %s', (profile, line) => {
    expect(typedCommand(profile, 'jobs list')).toBe(line);
  });

  it('names none where a job was made with credentials of the environment', () => {
    expect(jobView(JOB, undefined).hint).toMatchObject({
      en: 'Go on with: privacy-call jobs resume bind-0123456789ab',
    });
    expect(jobView({ ...JOB, profile: 'shop' }, undefined).hint).toEqual({
      zh: '继续：privacy-call -p shop jobs resume bind-0123456789ab',
      en: 'Go on with: privacy-call -p shop jobs resume bind-0123456789ab',
    });
  });
});
