// What a field means and where that is written: one sentence each, for whoever hovers or focuses it.

interface FieldHelp {
  readonly meaning: string;
  readonly source: string;
}

const PROGRESS = 'draft-wright-http-progress';
const RESUME = 'draft-wright-http-resume-request';
const BYTERANGE = 'draft-ietf-httpapi-patch-byterange';
const UPLOAD = 'draft-ietf-httpbis-resumable-upload';

const HELP: Readonly<Record<string, readonly [string, string]>> = {
  accept: ['Media types that the client would like.', 'RFC 9110 §12.5.1'],
  'accept-language': [
    'Languages that the client would like; here also those of remarks in Progress.',
    'RFC 9110 §12.5.4',
  ],
  'accept-patch': ['Media types of PATCH that this resource takes.', 'RFC 5789 §3.1'],
  'accept-ranges': ['Units in which a part of this resource can be asked for.', 'RFC 9110 §14.3'],
  acknowledge: [
    'Bytes of the request that the server has stored for good: the client may forget them.',
    RESUME,
  ],
  allow: ['Methods that this resource takes.', 'RFC 9110 §10.2.1'],
  authorization: ['Credentials of the client.', 'RFC 9110 §11.6.2'],
  'cache-control': ['How long and by whom the message may be kept.', 'RFC 9111 §5.2'],
  connection: [
    'What concerns this connection only, such as closing it after the message.',
    'RFC 9110 §7.6.1',
  ],
  'content-digest': ['A hash of exactly this content.', 'RFC 9530 §2'],
  'content-length': ['Length of the content in bytes; of a HEAD, of what a GET would give.', 'RFC 9110 §8.6'],
  'content-location': ['Where the representation in this message can be had again.', 'RFC 9110 §8.7'],
  'content-offset': ['Where in the target this part begins, its end not yet known.', BYTERANGE],
  'content-range': ['Which bytes of the whole these are, and how long the whole is.', 'RFC 9110 §14.4'],
  'content-type': ['What the content is.', 'RFC 9110 §8.3'],
  date: ['When the message was made.', 'RFC 9110 §6.6.1'],
  etag: ['Names this version of the representation.', 'RFC 9110 §8.8.3'],
  expect: ['The client waits for a 100 before it sends its content.', 'RFC 9110 §10.1.1'],
  host: ['The authority that the client asks for; several may share an address.', 'RFC 9110 §7.2'],
  'if-match': ['Do it only if the representation is this version.', 'RFC 9110 §13.1.1'],
  'if-none-match': [
    'Do it only if the representation is none of these; * means: only if there is none.',
    'RFC 9110 §13.1.2',
  ],
  'keep-alive': ['How long an idle connection stays open. Never standardised.', 'RFC 2068 §19.7.1'],
  'last-event-id': ['The last event that the client has seen: go on after it.', 'HTML, Server-sent events'],
  location: [
    'Where to go: a created resource, or, in a 102 or 202, the document that tells how far the work is.',
    'RFC 9110 §10.2.2',
  ],
  prefer: [
    'What the client would like and the server may ignore: processing, respond-async, wait, resume.',
    'RFC 7240',
  ],
  'preference-applied': ['Which preferences the server follows.', 'RFC 7240 §3'],
  progress: ['How far the work is: completed / total, then remarks from important to less so.', PROGRESS],
  range: ['Which bytes the client wants.', 'RFC 9110 §14.2'],
  'repr-digest': [
    'A hash of the whole representation, whatever part of it this message carries.',
    'RFC 9530 §3',
  ],
  'request-content-location': [
    'Where the content of this request is kept while it arrives: ask there, go on there.',
    RESUME,
  ],
  'response-message-location': [
    'Where the response to this request will be kept, should it get lost.',
    RESUME,
  ],
  'retry-after': ['When it makes sense to ask again.', 'RFC 9110 §10.2.3'],
  server: ['What the server calls itself.', 'RFC 9110 §10.2.4'],
  'status-location': ['Where the document about the work stands.', PROGRESS],
  'status-uri': ['Results of parts of the work: status codes with the URIs they are about.', PROGRESS],
  te: ['Transfer codings that the client takes, and whether it takes trailers.', 'RFC 9110 §10.1.4'],
  trailer: ['Names of the fields that will follow the content.', 'RFC 9110 §6.6.2'],
  'transfer-encoding': [
    'How the content is wrapped on its way: chunked carries its own length.',
    'RFC 9112 §6.1',
  ],
  upgrade: ['Another protocol to go on with.', 'RFC 9110 §7.8'],
  'upload-complete': ['Whether this is all of the upload (?1) or a part (?0).', UPLOAD],
  'upload-length': ['How long the whole upload is.', UPLOAD],
  'upload-limit': ['What the server takes: sizes and ages.', UPLOAD],
  'upload-offset': ['How many bytes of the upload the server has, or where these go.', UPLOAD],
  'user-agent': ['What the client calls itself.', 'RFC 9110 §10.1.5'],
};

/** What is known of a field; null for those without an entry. */
export function fieldHelp(name: string): FieldHelp | null {
  const found = HELP[name.toLowerCase()];
  return found === undefined ? null : { meaning: found[0], source: found[1] };
}
