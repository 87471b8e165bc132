// /uploads/…: resources that are files on disk, written whole, in parts or piece by piece
// (draft-wright-http-partial-upload, draft-ietf-httpapi-patch-byterange). /put-only/…: the same files on a server that has
// never heard of PATCH.

import type { Exchange } from '../http/exchange.ts';
import { deleteFile, moveFile, optionsOf } from '../files/manage.ts';
import { fileName, NAME_RULE } from '../files/names.ts';
import { ACCEPT_PATCH, patchFile } from '../files/patch.ts';
import { putFile } from '../files/put.ts';
import { readFileResource } from '../files/read.ts';
import { refuseError } from '../files/request.ts';
import { refuse } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import type { Route, ServerCore } from '../router.ts';

const READ = 'GET, HEAD, OPTIONS';
const WRITE = 'GET, HEAD, PUT, PATCH, DELETE, MOVE, OPTIONS';
const WRITE_WHOLE = 'GET, HEAD, PUT, DELETE, MOVE, OPTIONS';

export function uploadRoutes(core: ServerCore): Route[] {
  return [
    {
      path: /^\/(?:uploads|put-only)\/$/,
      allow: READ,
      answer: (exchange) => {
        if (exchange.method === 'OPTIONS') {
          optionsOf(exchange, [['Allow', READ]]);
          return;
        }
        const answered = core.files.list().then((files) =>
          respond(exchange, {
            status: 200,
            fields: [
              ['Content-Type', 'application/json'],
              ['Cache-Control', 'no-store'],
            ],
            content: new TextEncoder().encode(`${JSON.stringify(files, null, ' ')}\n`),
          }),
        );
        answered.catch((error: unknown) => refuseError(exchange, error));
      },
    },
    {
      path: /^\/uploads\/(.+)$/s,
      allow: WRITE,
      index: [
        '  curl -v -T FILE http://HOST/uploads/NAME',
        "  printf 'Content-Range: bytes 0-4/10\\r\\n\\r\\nhello' | curl -v -X PATCH --data-binary @- \\",
        "       -H 'Content-Type: message/byterange' http://HOST/uploads/NAME",
      ],
      answer: (exchange, [path = '']) => answer(exchange, core, path, [['Allow', WRITE], ACCEPT_PATCH]),
    },
    {
      path: /^\/put-only\/(.+)$/s,
      allow: WRITE_WHOLE,
      answer: (exchange, [path = '']) => answer(exchange, core, path, [['Allow', WRITE_WHOLE]]),
    },
  ];
}

function answer(
  exchange: Exchange,
  core: ServerCore,
  path: string,
  options: readonly (readonly [string, string])[],
): void {
  const { method } = exchange;
  const name = fileName(path);
  if (name === null) {
    refuse(
      exchange,
      method === 'PUT' || method === 'PATCH' ? 400 : 404,
      `There can be no such file. ${NAME_RULE}`,
    );
  } else if (method === 'OPTIONS') optionsOf(exchange, [...options, ['Accept-Ranges', 'bytes']]);
  else if (method === 'PUT') putFile(exchange, core, name);
  else if (method === 'PATCH') patchFile(exchange, core, name);
  else if (method === 'DELETE') deleteFile(exchange, core, name);
  else if (method === 'MOVE') moveFile(exchange, core, name);
  else readFileResource(exchange, core, name);
}
