// The server that clients are measured against, in a process of its own: plain sockets, prebuilt buffers, no HTTP code.
// It must never be what a round waits for.
//
//   GET /bytes/N   N bytes of content        GET /interim/N   N interim responses, then the final one

import { createServer } from 'node:net';

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'interim ');
/** Interim responses of one write. */
const BATCH = 1000;

/** @param {import('node:net').Socket} socket @param {number} total */
function sendBytes(socket, total) {
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${total}\r\n\r\n`,
  );
  let left = total;
  const more = () => {
    while (left > 0) {
      const part = left >= MEBIBYTE.length ? MEBIBYTE : MEBIBYTE.subarray(0, left);
      left -= part.length;
      if (!socket.write(part)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

/** @type {Map<number, Buffer[]>} */
const prebuilt = new Map();

/** @param {number} total */
function interimBatches(total) {
  let batches = prebuilt.get(total);
  if (batches !== undefined) return batches;
  batches = [];
  for (let from = 0; from < total; from += BATCH) {
    let text = '';
    for (let i = from; i < Math.min(from + BATCH, total); i++)
      text += `HTTP/1.1 102 Processing\r\nProgress: ${i}/${total}\r\n\r\n`;
    batches.push(Buffer.from(text));
  }
  batches.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  prebuilt.set(total, batches);
  return batches;
}

/** @param {import('node:net').Socket} socket @param {number} total */
function sendInterim(socket, total) {
  const batches = interimBatches(total);
  let next = 0;
  const more = () => {
    for (let batch = batches[next]; batch !== undefined; batch = batches[next]) {
      next++;
      if (!socket.write(batch)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    head += bytes.toString('latin1');
    for (let end = head.indexOf('\r\n\r\n'); end !== -1; end = head.indexOf('\r\n\r\n')) {
      const [, what, count] = /^GET \/(bytes|interim)\/(\d+) /.exec(head) ?? [];
      head = head.slice(end + 4);
      if (what === 'bytes') sendBytes(socket, Number(count));
      else if (what === 'interim') sendInterim(socket, Number(count));
      else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
