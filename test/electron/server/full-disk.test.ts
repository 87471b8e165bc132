// Uploads on a disk that is full: the status that says so, in every protocol, and an upload that goes on when there is room.

import type * as fs from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { message, resumable, running } from './harness.ts';

const disk = vi.hoisted(() => ({ full: false }));
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof fs>();
  const writeSync = (...args: Parameters<typeof fs.writeSync>): number => {
    if (disk.full)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return actual.writeSync(...args);
  };
  return { ...actual, writeSync };
});
afterEach(() => {
  disk.full = false;
});

const TUS = ['Tus-Resumable: 1.0.0', 'Content-Type: application/offset+octet-stream'];
const V8 = 'Upload-Draft-Interop-Version: 8';

describe('on a full disk', () => {
  test.each([
    ['POST /tus', [...TUS, 'Upload-Length: 9', 'Content-Length: 9']],
    ['POST /resumable', ['Upload-Complete: ?1', V8, 'Content-Length: 9']],
    ['POST /collection', resumable(9)],
  ])('%s is answered with 507', async (line, fields) => {
    const { ask } = await running({ memoryLimit: 4 });
    disk.full = true;
    const answer = await ask(message(line, fields, 'abcdefghi'));
    expect([answer.status, answer.body]).toEqual([
      507,
      'The test server could not store the upload: ENOSPC: no space left on device, write. Free some disk space.\r\n',
    ]);
  });

  test('an upload of tus is where its refusal says, and goes on when there is room', async () => {
    const { ask } = await running({ memoryLimit: 4 });
    disk.full = true;
    const refused = await ask(
      message('POST /tus', [...TUS, 'Upload-Length: 9', 'Content-Length: 9'], 'abcdefghi'),
    );
    expect([refused.fields.get('location'), refused.fields.get('upload-offset')]).toEqual(['/tus/0', '0']);
    disk.full = false;
    const fields = [...TUS, 'Upload-Offset: 0', 'Content-Length: 9'];
    expect((await ask(message('PATCH /tus/0', fields, 'abcdefghi'))).status).toBe(204);
  });
});
