// The curl on the PATH, where what has its name is none.

import { delimiter } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { curlVersion } from '../../../../electron/client/lenses/curl.ts';
import { type StandIns, standIns } from '../../programs/stand-ins.ts';

describe.skipIf(process.platform === 'win32')('what has the name of curl', () => {
  let there: StandIns;
  const before = process.env['PATH'];
  beforeEach(() => {
    there = standIns();
    process.env['PATH'] = `${there.folder}${delimiter}${before}`;
  });
  afterEach(() => {
    process.env['PATH'] = before;
    there.remove();
  });

  it('is none where it does not come to an end, and will not be ended', async () => {
    there.program('curl', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);");
    expect(await curlVersion(500)).toBeNull();
  });

  it('is none where it tells something else', async () => {
    there.program('curl', "console.log('wget 1.0');");
    expect(await curlVersion()).toBeNull();
  });
});
