// The rules of WebSocket frames, each with the smallest change that breaks it.

import type { Breach } from './breaches.ts';

function server(rule: Breach['rule'], from: string, to: string, skip = 0): Breach {
  return { rule, in: 'socket', change: [[from, to]], by: 'server', at: to, skip };
}

const PING = '⟦89 00⟧';
const CLOSE = '⟦88 02 03 e8⟧';

export const frameBreaches: readonly Breach[] = [
  {
    rule: 'unmasked-client-frame',
    in: 'socket',
    change: [['⟦81 85 37 fa 21 3d 7f 9f 4d 51 58⟧', '⟦81 05⟧Hello']],
    by: 'client',
    at: '⟦81 05⟧Hello',
  },
  server('masked-server-frame', PING, '⟦89 80 00 00 00 00⟧'),
  server('frame-length-not-minimal', '⟦80 02⟧lo', '⟦80 7e 00 02⟧lo'),
  server('reserved-frame-bit', PING, '⟦99 00⟧'),
  server('unknown-frame-opcode', PING, '⟦83 00⟧'),
  server('control-frame-too-long', PING, `⟦89 7e 00 7e⟧${'x'.repeat(126)}`),
  server('control-frame-fragmented', PING, '⟦09 00⟧'),
  server('continuation-without-start', '⟦01 03⟧Hel', '⟦80 03⟧Hel'),
  server('message-within-message', '⟦80 02⟧lo', '⟦81 02⟧lo'),
  server('frame-too-long', PING, '⟦82 7f 80 00 00 00 00 00 00 00⟧'),
  server('malformed-close', CLOSE, '⟦88 01 03⟧'),
  server('invalid-close-code', CLOSE, '⟦88 02 03 ed⟧'),
  server('text-not-utf-8', '⟦80 02⟧lo', '⟦80 02 c0⟧o', 2),
  server('frame-after-close', CLOSE, '⟦88 02 03 e8 89 00⟧', 4),
];
