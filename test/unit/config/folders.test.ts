import { describe, expect, it } from 'vitest';
import { findFolders } from '../../../src/config/folders.js';

describe('findFolders', () => {
  it('is below HOME', () => {
    expect(findFolders({ HOME: '/home/ops' })).toEqual({
      config: '/home/ops/.config/privacy-call',
      data: '/home/ops/.local/share/privacy-call',
      state: '/home/ops/.local/state/privacy-call',
    });
  });

  it('follows the XDG variables', () => {
    const env = { HOME: '/home/ops', XDG_CONFIG_HOME: '/etc/ops', XDG_DATA_HOME: '/data', XDG_STATE_HOME: '/state' };
    expect(findFolders(env)).toEqual({
      config: '/etc/ops/privacy-call',
      data: '/data/privacy-call',
      state: '/state/privacy-call',
    });
  });

  it('does not look at an XDG variable that is no absolute path', () => {
    expect(findFolders({ HOME: '/home/ops', XDG_DATA_HOME: 'data' }).data).toBe('/home/ops/.local/share/privacy-call');
  });

  it('needs no HOME where all three are set', () => {
    const env = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d', XDG_STATE_HOME: '/s' };
    expect(findFolders(env).state).toBe('/s/privacy-call');
  });

  it.each([{}, { HOME: '' }])('says what is missing without HOME: %j', (env) => {
    expect(() => findFolders(env)).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: 'neither XDG_CONFIG_HOME nor HOME is set: there is no place for the files',
      }),
    );
  });
});
