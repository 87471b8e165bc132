// The timeline as text: messages of streams, each once, by whom.

import { expect, it } from 'vitest';
import { timeline } from '../../../electron/cli/text.ts';
import type { End } from '../../../shared/capture/records.ts';
import { closePayload, frame, MASK, text } from '../../shared/websocket/frame-bytes.ts';
import { head, modelOf } from '../../shared/model/told.ts';
import { Transcript } from '../../shared/model/transcript.ts';

const all: readonly { readonly ends: readonly End[] }[] = [
  { ends: ['client', 'server'] },
  { ends: ['client'] },
  { ends: ['server'] },
];

it.each(all)('shows messages in both directions, each once, seen from $ends', ({ ends }) => {
  const { records } = new Transcript(ends)
    .open()
    .send('client', head('GET /chat HTTP/1.1', 'Host: a', 'Connection: upgrade', 'Upgrade: websocket'))
    .send('server', head('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'))
    .send('client', text('hello', { mask: MASK }))
    .send('server', frame({ opcode: 9, payload: new Uint8Array(0) }))
    .send('server', text('a\u001b[2Jb'))
    .send('server', frame({ opcode: 8, payload: closePayload(1000, 'bye') }));
  const lines = timeline(modelOf(records)).map((line) => line.slice('   0.000 s  c1  '.length));
  expect(lines.slice(3)).toEqual(['» text hello', '« ping', '« text a\\x1b[2Jb', '« close 1000 bye']);
});
