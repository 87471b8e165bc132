// /tus and /tus/N: uploads as tus 1.0.0 has them, and every other upload of the server seen so.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import { isAdmitted } from '../operations/access.ts';
import type { Exchange } from '../http/exchange.ts';
import { PLAIN_TEXT, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';
import { createTusUpload } from '../uploads/tus/create.ts';
import {
  CHECKSUM_ALGORITHMS,
  checkVersion,
  methodOf,
  refuseTus,
  TUS_RESUMABLE,
  TUS_VERSION,
  TusRefusal,
} from '../uploads/tus/request.ts';
import { answerTusUpload } from '../uploads/tus/resource.ts';

const CREATE = ['OPTIONS', 'POST', 'GET', 'HEAD'];
const USE = ['OPTIONS', 'HEAD', 'PATCH', 'DELETE', 'GET'];
/** What is not possible is refused in the words of tus, not of the router. */
const ALL = 'GET, HEAD, POST, PUT, PATCH, DELETE, MOVE, OPTIONS';

const EXTENSIONS =
  'creation,creation-with-upload,creation-defer-length,termination,checksum,checksum-trailer,concatenation,expiration';

export function tusRoutes(core: ServerCore): Route[] {
  return [
    {
      path: /^\/tus\/?$/,
      allow: ALL,
      index: [
        "  curl -v -X POST -H 'Tus-Resumable: 1.0.0' -H 'Upload-Length: 5' -H 'Content-Type: application/offset+octet-stream' \\",
        '       -d hello http://HOST/tus',
      ],
      answer: (exchange) => {
        const method = methodOf(exchange);
        if (isRefused(exchange, method, CREATE)) return;
        if (method === 'OPTIONS') tellOptions(exchange, core, CREATE);
        else if (method === 'POST') createTusUpload(exchange, core);
        else {
          const content = text('POST here creates an upload of tus 1.0.0. OPTIONS tells the extensions.');
          void exchange.final({ status: 200, fields: [TUS_RESUMABLE, PLAIN_TEXT], content });
        }
      },
    },
    {
      path: /^\/tus\/([\w-]{1,32})$/,
      allow: ALL,
      answer: (exchange, [id = '']) => {
        const method = methodOf(exchange);
        if (isRefused(exchange, method, USE)) return;
        if (method === 'OPTIONS') {
          tellOptions(exchange, core, USE);
          return;
        }
        const operation = core.operations.get(id);
        const upload = operation?.upload ?? null;
        if (operation === undefined || upload === null || operation.deleted.has('request')) {
          refuseTus(
            exchange,
            new TusRefusal(404, 'There is no such upload: it was deleted, or never created.'),
          );
        } else if (isAdmitted(exchange, operation.access)) {
          answerTusUpload(exchange, core, operation, upload, method);
        }
      },
    },
  ];
}

/** A GET is no request of tus: it may come from whoever wants to read. */
function isRefused(exchange: Exchange, method: string, allowed: readonly string[]): boolean {
  const wrong = allowed.includes(method)
    ? method === 'OPTIONS' || method === 'GET'
      ? null
      : checkVersion(exchange)
    : new TusRefusal(405, `Possible here are ${allowed.join(', ')}.`, [['Allow', allowed.join(', ')]]);
  if (wrong !== null) refuseTus(exchange, wrong);
  return wrong !== null;
}

function tellOptions(exchange: Exchange, core: ServerCore, allowed: readonly string[]): void {
  const fields: FieldLines = [
    ['Allow', allowed.join(', ')],
    TUS_RESUMABLE,
    TUS_VERSION,
    ['Tus-Extension', EXTENSIONS],
    ['Tus-Max-Size', String(core.uploadLimit)],
    ['Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS],
  ];
  void exchange.final({ status: 204, fields, content: new Uint8Array(0) });
}
