// /resumable and /resumable/N: uploads that can be resumed as the IETF's drafts have it
// (draft-ietf-httpbis-resumable-upload), and every other upload of the server seen so.

import { isAdmitted } from '../operations/access.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';
import { createUpload, tellLimits } from '../uploads/ietf/create.ts';
import { answerUpload, UPLOAD_METHODS } from '../uploads/ietf/resource.ts';

const CREATE = 'POST, PUT, PATCH, OPTIONS, GET, HEAD';

export function resumableRoutes(core: ServerCore): Route[] {
  return [
    {
      path: /^\/resumable\/?$/,
      allow: CREATE,
      index: [
        "  curl -v -H 'Upload-Complete: ?1' -H 'Upload-Draft-Interop-Version: 8' --data-binary @FILE http://HOST/resumable",
      ],
      answer: (exchange) => {
        if (exchange.method === 'OPTIONS') tellLimits(exchange, core, CREATE);
        else if (exchange.method === 'GET' || exchange.method === 'HEAD') {
          const content = text(
            'POST something here, with Upload-Complete: ?1, to be told its length and SHA-256.',
          );
          void exchange.final({ status: 200, fields: [PLAIN_TEXT], content });
        } else createUpload(exchange, core);
      },
    },
    {
      path: /^\/resumable\/([\w-]{1,32})$/,
      allow: UPLOAD_METHODS,
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        const upload = operation?.upload ?? null;
        if (operation === undefined || upload === null || operation.deleted.has('request')) {
          refuse(exchange, 404, 'There is no such upload: it was cancelled, or never begun.');
        } else if (isAdmitted(exchange, operation.access)) answerUpload(exchange, core, operation, upload);
      },
    },
  ];
}
