// A response that is kept: its bytes are its own.

import { describe, expect, it } from 'vitest';
import { ReceivedResponse } from '../../../electron/client/received-response.ts';

const head = { status: 200, reason: 'OK', fieldCount: 0 } as Parameters<ReceivedResponse['head']>[0];

describe('a received response', () => {
  it('keeps its content when the buffer that it came in is used again', () => {
    const response = new ReceivedResponse();
    const buffer = Buffer.from('content');
    response.head(head);
    response.content(buffer, 0, buffer.length);
    buffer.fill('x');
    expect(new TextDecoder().decode(response.get()?.content)).toBe('content');
  });
});
